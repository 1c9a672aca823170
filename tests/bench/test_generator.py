"""The load generator counts answers, numbers requests, and measures waiting from when a request was due."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bench.cases import COUNTER
from bench.generator import Load, Task, percentiles, run

Answer = Callable[[bytes], Awaitable[bytes]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
IN_CHUNKS = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[int]:
    """The port of a server that gives an answer to each request without a body."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(await answer(await reader.readuntil(b"\r\n\r\n")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


def loaded(answer: Answer, connections: list[list[str]], **asked: float) -> Load:
    """What the generator tells of a load on such a server."""

    async def measure() -> Load:
        async with server(answer) as port:
            task = {"ports": [port], "seconds": 60.0, "connections": connections, **asked}
            return await run(Task(**task))  # type: ignore[arg-type]

    return asyncio.run(measure())


def test_every_answer_is_counted_by_its_status() -> None:
    seen = 0

    async def answer(request: bytes) -> bytes:
        nonlocal seen
        seen += 1
        return OK if seen % 2 else IN_CHUNKS

    load = loaded(answer, [[GET], [GET]], most=40)

    assert load.answers == seen == 40
    assert load.statuses == {"200": 20, "201": 20}
    assert load.lost == 0


def test_every_request_with_a_mark_has_a_number_of_its_own() -> None:
    numbers: list[str] = []

    async def answer(request: bytes) -> bytes:
        numbers.extend(re.findall(r"/(\d{8}) ", request.decode()))
        return OK

    loaded(answer, [[GET.replace("/ ", f"/{COUNTER} ")]] * 3, most=30)

    assert len(numbers) == len(set(numbers)) == 30


def test_a_turn_is_sent_to_its_end() -> None:
    seen: list[str] = []

    async def answer(request: bytes) -> bytes:
        seen.append(request.decode().split()[0])
        return OK

    loaded(answer, [[GET, GET.replace("GET", "DELETE")]], most=5)

    assert seen == ["GET", "DELETE"] * 3


def test_connections_that_the_server_closes_are_told() -> None:
    async def answer(request: bytes) -> bytes:
        return LAST

    load = loaded(answer, [[GET]], most=10)

    assert (load.answers, load.lost) == (1, 1)


def test_waiting_for_a_connection_counts_as_latency() -> None:
    """The only connection is held up once; what is due in the meantime has waited, too."""
    held = asyncio.Event()

    async def answer(request: bytes) -> bytes:
        asyncio.get_running_loop().call_later(0.3, held.set)
        await held.wait()
        return OK

    load = loaded(answer, [[GET]], rate=200.0, seconds=0.4)

    assert load.statuses == {"200": load.answers}
    assert load.answers > 40
    assert load.latency["50"] > 0.05
    assert load.latency["99"] > 0.2


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentiles([each / 100 for each in range(100)]) == {"50": 0.5, "99": 0.99, "99.9": 0.99}
    assert percentiles([]) == {}
