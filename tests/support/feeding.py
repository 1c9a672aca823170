"""A connection without a socket: a server's protocol is fed pieces of bytes, and what it says is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from mockserver.http.server import Server
from mockserver.http.wire import ASGIApp

MOST_TURNS = 10_000


class Recording(asyncio.Transport):
    """Keeps what is written, and knows whether it may be fed."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = False
        self.paused = False

    def write(self, data: Any) -> None:
        if not self.closed:
            self.writes.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    abort = write_eof = close

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def get_write_buffer_size(self) -> int:
        return 0


def said(app: ASGIApp, pieces: Sequence[bytes], *, plain_asgi: bool = False) -> bytes:
    """All that a new connection is told that is fed these pieces, and whether it was closed then."""
    return said_each(app, [pieces], plain_asgi=plain_asgi)[0]


def said_each(
    app: ASGIApp, connections: Iterable[Sequence[bytes]], *, plain_asgi: bool = False, patient: bool = True
) -> list[bytes]:
    """The same of many connections, one after another; a `patient` one waits with each piece for what came before."""
    server = Server(app, lambda: None, plain_asgi=plain_asgi)
    return [b"".join(writes) for writes in asyncio.run(_written_each(server, connections, patient))]


def written(app: ASGIApp, pieces: Sequence[bytes]) -> list[bytes]:
    """What is written on a new connection through ASGI, write by write."""
    return asyncio.run(_written_each(Server(app, lambda: None, plain_asgi=True), [pieces], patient=True))[0]


async def _written_each(server: Server, connections: Iterable[Sequence[bytes]], patient: bool) -> list[list[bytes]]:
    server.config.load()
    return [await _fed(server, pieces, patient) for pieces in connections]


async def _fed(server: Server, pieces: Sequence[bytes], patient: bool) -> list[bytes]:
    config, state, transport = server.config, server.server_state, Recording()
    make: Any = config.http_protocol_class
    protocol = make(config=config, server_state=state, app_state={}, _loop=asyncio.get_running_loop())
    protocol.connection_made(transport)
    for piece in pieces:
        await _until(lambda: transport.closed or not transport.paused)
        if transport.closed:
            break
        protocol.data_received(piece)
        if patient:
            await _turns(3)
    await _until(lambda: not state.tasks or transport.closed)
    end = b"(closed)" if transport.closed else b""
    transport.closed = True
    protocol.connection_lost(None)
    await _until(lambda: not state.tasks)
    return [*transport.writes, end] if end else transport.writes


async def _until(condition: Any) -> None:
    for _ in range(MOST_TURNS):
        if condition():
            return
        await _turns(1)
    raise AssertionError("what was waited for did not come")


async def _turns(count: int) -> None:
    """Lets all that waits for its turn have it, so many times."""
    loop = asyncio.get_running_loop()
    for _ in range(count):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
