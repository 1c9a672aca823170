"""uvicorn as we run it: quick, quiet, and ending well."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from types import FrameType
from typing import Any

import uvicorn

from mockserver.http.app import App
from mockserver.http.drain import Drain, waiting
from mockserver.http.limits import ConnectionLimits, Watch
from mockserver.http.listening import BACKLOG
from mockserver.http.problems import problem_reply
from mockserver.http.wire import ASGIApp

GRACE_SECONDS = 10
TICKS_A_SECOND = 10
# What a shell makes of a process that a signal ended.
KILLED = 128
STOPPING = (signal.SIGINT, signal.SIGTERM)
LAST_ANSWER = (b"connection", b"close")

Background = Callable[[], Awaitable[None]]


def _http_protocol(app: ASGIApp, watch: Watch, plain_asgi: bool) -> Any:
    """Our own reading of HTTP where httptools is installed; else what uvicorn finds."""
    if find_spec("httptools") is None:
        return "auto"
    if plain_asgi or not isinstance(app, App):
        from mockserver.http.protocol import SteadyProtocol

        return partial(SteadyProtocol, watch=watch)
    from mockserver.http.direct import DirectProtocol
    from mockserver.http.heads import Heads

    return partial(DirectProtocol, watch=watch, heads=Heads())


class Server(uvicorn.Server):
    """Calls back once it answers; ends with success when a signal stops it, and at once when another one does."""

    def __init__(
        self,
        app: ASGIApp,
        on_started: Callable[[], None],
        background: Iterable[Background] = (),
        *,
        plain_asgi: bool = False,
        drain: Drain | None = None,
        on_abandoned: Callable[[], None] | None = None,
        limits: ConnectionLimits | None = None,
    ) -> None:
        self._watch = Watch(limits, app.refusal if isinstance(app, App) else problem_reply)
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop" if find_spec("uvloop") else "auto",
                http=_http_protocol(app, self._watch, plain_asgi),
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._on_started = on_started
        self._on_abandoned = on_abandoned
        self._background = background
        self._drain = Drain() if drain is None else drain
        self._tasks: list[asyncio.Future[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tasks = [asyncio.ensure_future(each()) for each in self._background]
        self._on_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal asks to finish; the second one ends the process, whatever it is doing."""
        if self._drain.begun:
            if self._on_abandoned is not None:
                self._on_abandoned()
            # Not by the signal itself, which the first process of a container is deaf to.
            os._exit(KILLED + sig)
        self._drain.begin()

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            self._watch.go_round()
        if self._drain.begun:
            self._announce_end()
        self.should_exit = self.should_exit or self._drain.over
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        if not self._drain.begun:
            self._drain.begin()
        self._announce_end()
        await self._refuse_connections(sockets or [])
        await self._drain.linger(self.server_state.connections)
        await super().shutdown(sockets)

    def _announce_end(self) -> None:
        """From now on every answer is the last one on its connection, also of requests that are under way."""
        state, lasting = self.server_state, self.config.encoded_headers
        if LAST_ANSWER in lasting:
            return
        # What the default headers are made of anew each second.
        lasting.append(LAST_ANSWER)
        # Requests that are under way have this list; who knows it by heart learns by another one.
        state.default_headers.append(LAST_ANSWER)
        state.default_headers = [*state.default_headers]

    async def _refuse_connections(self, listeners: list[socket.socket]) -> None:
        taken = list(waiting(listeners))
        for server in self.servers:
            server.close()
        for listener in listeners:
            listener.close()
        loop = asyncio.get_running_loop()
        for connection in taken:
            await loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        make: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

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
