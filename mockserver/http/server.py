"""uvicorn as we run it: quick, quiet, and ending well."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

import uvicorn

from mockserver.http.app import App
from mockserver.http.listening import BACKLOG
from mockserver.http.wire import ASGIApp

GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 60
STOPPING = (signal.SIGINT, signal.SIGTERM)

Background = Callable[[], Awaitable[None]]


def _http_protocol(app: ASGIApp, plain_asgi: bool) -> Any:
    """Our own reading of HTTP where httptools is installed; else what uvicorn finds."""
    if find_spec("httptools") is None:
        return "auto"
    if plain_asgi or not isinstance(app, App):
        from mockserver.http.protocol import SteadyProtocol

        return SteadyProtocol
    from mockserver.http.direct import DirectProtocol
    from mockserver.http.heads import Heads

    return partial(DirectProtocol, heads=Heads())


class Server(uvicorn.Server):
    """Calls back once it answers; ends with success when a signal stops it."""

    def __init__(
        self,
        app: ASGIApp,
        on_started: Callable[[], None],
        background: Background | None = None,
        *,
        plain_asgi: bool = False,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop" if find_spec("uvloop") else "auto",
                http=_http_protocol(app, plain_asgi),
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._on_started = on_started
        self._background = background
        self._task: asyncio.Future[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._background is not None:
            self._task = asyncio.ensure_future(self._background())
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._task is not None:
            self._task.cancel()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that was obeyed is not raised once more, so that the process ends with success."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {number: signal.signal(number, self.handle_exit) for number in STOPPING}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
