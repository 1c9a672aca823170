"""One caller with a connection that it keeps: asks, and takes nothing but what was to be expected for an answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bench.soak.tally import Tally

Json = Any
PATIENCE = 30.0


class Unexpected(Exception):
    """An answer that was not to be expected, or none."""


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes

    def json(self) -> Json:
        return json.loads(self.body)


class Caller:
    """Asks in a world; `at` names another one for one request."""

    def __init__(self, port: int, token: str, world: str, tally: Tally) -> None:
        self.world = world
        self._port = port
        self._token = token
        self._tally = tally
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, body: Json = None, *, expect: Collection[int] = (200,), at: str | None = None
    ) -> Answer:
        """The answer; Unexpected when its status is another."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self.line()
                writer.write(self.message(method, path, body, at))
                answer = await heard(reader)
        except (OSError, EOFError, TimeoutError) as error:
            self.leave()
            raise Unexpected(f"{method} {path}: {type(error).__name__} {error}") from error
        self._tally.answered(kind_of(method, path), time.perf_counter() - started)
        if answer.status not in expect:
            raise Unexpected(f"{method} {path}: {answer.status} {answer.body[:200].decode(errors='replace')}")
        return answer

    async def dropped(self, method: str, path: str) -> None:
        """Asks, and expects the line to be closed without an answer."""
        reader, writer = await self.line()
        writer.write(self.message(method, path))
        async with asyncio.timeout(PATIENCE):
            came = await reader.read(200)
        self.leave()
        if came:
            raise Unexpected(f"{method} {path}: {came!r} in place of a dropped connection")

    async def line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        return self._line

    def leave(self) -> None:
        """Closes the line, wherever it is."""
        if self._line is not None:
            self._line[1].transport.abort()
            self._line = None

    def message(self, method: str, path: str, body: Json = None, at: str | None = None) -> bytes:
        sent = b"" if body is None else json.dumps(body).encode()
        media = "application/json-patch+json" if method == "PATCH" else "application/json"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self._token}\r\n"
            f"X-Mock-World: {at or self.world}\r\n"
        )
        if sent:
            head += f"Content-Type: {media}\r\nContent-Length: {len(sent)}\r\n"
        return f"{head}\r\n".encode() + sent


async def heard(reader: asyncio.StreamReader) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return Answer(int(head[9:12]), await reader.readexactly(int(length or 0)))


def kind_of(method: str, path: str) -> str:
    """What a request counts as in the table."""
    if path.startswith("/__mock__/"):
        return f"control: {path.split('/')[2]}"
    return {"GET": "read", "PATCH": "patch", "DELETE": "delete"}.get(method, "write")
