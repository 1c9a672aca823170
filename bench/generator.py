"""A load generator for one core: keep-alive connections that each send the next request when an answer is whole."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import cast

CONNECTIONS = 16


@dataclass
class Load:
    """What was answered in how many seconds."""

    seconds: float = 0.0
    answers: int = 0
    statuses: dict[str, int] = field(default_factory=dict)


class Connection(asyncio.Protocol):
    """One connection; requests are sent in turn until `stop` is set."""

    def __init__(self, requests: list[bytes], statuses: Counter[str]) -> None:
        self._requests = requests
        self._statuses = statuses
        self._next = 0
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.stop = False
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.stop:
            self._statuses["lost"] += 1
        if not self.closed.done():
            self.closed.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None
        self._transport.write(self._requests[self._next])
        self._next = (self._next + 1) % len(self._requests)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _content_length(self._buffer[:head])
        if len(self._buffer) < head + 4 + length:
            return
        self._statuses[self._buffer[9:12].decode()] += 1
        self._buffer = self._buffer[head + 4 + length :]
        if self.stop:
            assert self._transport is not None
            self._transport.close()
            return
        self._send()


def _content_length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _stay_awake(loop: asyncio.AbstractEventLoop, until: float) -> None:
    """Keeps the loop from sleeping: the server would pay for waking it, a slow one most often."""
    if time.perf_counter() < until:
        loop.call_soon(_stay_awake, loop, until)


async def load(port: int, requests: list[bytes], seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    statuses: Counter[str] = Counter()
    started = time.perf_counter()
    pairs = [
        await loop.create_connection(lambda: Connection(requests, statuses), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    _stay_awake(loop, started + seconds)
    await asyncio.sleep(seconds)
    for _, connection in pairs:
        connection.stop = True
    await asyncio.gather(*(connection.closed for _, connection in pairs))
    return Load(time.perf_counter() - started, sum(statuses.values()), dict(statuses))


def main() -> None:
    """Reads `{port, seconds, requests}` from standard input, writes the load to standard output."""
    import uvloop

    task = json.load(sys.stdin)
    requests = [request.encode() for request in task["requests"]]
    print(json.dumps(asdict(uvloop.run(load(task["port"], requests, task["seconds"])))))


if __name__ == "__main__":
    main()
