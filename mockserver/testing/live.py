"""The server on a real socket, as tests see it."""

from __future__ import annotations

from contextlib import ExitStack

from mockserver.http.live import live
from mockserver.http.wire import ASGIApp


class Live:
    """For clients that need a URL, such as SDKs: it serves the world of the test that runs."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._running = ExitStack()
        self._url = self._running.enter_context(live(app))
        self._prefix = prefix

    @property
    def url(self) -> str:
        """Where the server is, such as `http://127.0.0.1:41234`."""
        return self._url

    @property
    def api(self) -> str:
        """Where the API's paths begin: what a client is configured with."""
        return self._url + self._prefix

    def stop(self) -> None:
        """Ends the server; the session does it."""
        self._running.close()

    def __repr__(self) -> str:
        return f"<Live {self._url}>"
