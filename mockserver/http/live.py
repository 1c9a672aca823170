"""A server on a real socket in a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mockserver.http.drain import Drain
from mockserver.http.listening import listen, resolve, url_of
from mockserver.http.server import Server
from mockserver.http.wire import ASGIApp

PATIENCE_SECONDS = 30.0


@contextmanager
def live(app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, plain_asgi: bool = False) -> Iterator[str]:
    """Serves the application while the block runs, and gives its URL; port 0 takes a free one."""
    with running(app, host, port, plain_asgi=plain_asgi) as (url, _):
        yield url


@contextmanager
def running(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, plain_asgi: bool = False
) -> Iterator[tuple[str, Server]]:
    """The same with the server itself, for who wants to look after it."""
    address = resolve(host, port)
    listener = listen(address)
    url = url_of(address, listener)
    started = threading.Event()
    # Whoever is served in this process knows when it ends.
    server = Server(app, started.set, drain=Drain(linger=0.0), plain_asgi=plain_asgi)

    def serve() -> None:
        try:
            server.run([listener])
        finally:
            listener.close()
            started.set()

    thread = threading.Thread(target=serve, name=f"serving {url}", daemon=True)
    thread.start()
    try:
        started.wait(PATIENCE_SECONDS)
        if not server.started:
            raise RuntimeError(f"{url} could not be served")
        yield url, server
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
