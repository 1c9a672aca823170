"""Scripts of slow and malicious callers: what each sends, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from tests.load.caller import TABLE
from tests.load.crowd import Script
from tests.load.process import Server

LARGE = 64 * 1024


@dataclass(frozen=True)
class Attack:
    """How many do it, how quickly, and what they are answered if they listen."""

    script: Script
    size: int = 50
    pace: float = 0.1
    reads: bool = True
    answers: frozenset[int] = frozenset()


def attacks(server: Server) -> dict[str, Attack]:
    """All of them by name."""
    head = Heads(server)
    put = partial(head.of, "PUT", f"{TABLE}/vote")
    return {
        "heads that trickle": Attack(lambda: _then(head.begun(), b"X-More: and more\r\n"), size=500),
        "heads that never begin": Attack(lambda: repeat(b"\r\n"), size=500),
        "bodies that trickle": Attack(lambda: _then(put(length=10**5), b" "), size=500),
        "chunks that trickle": Attack(lambda: _then(put(chunked=True), b"1\r\n \r\n"), size=500),
        "endless chunks": Attack(lambda: _then(put(chunked=True), chunk(LARGE)), answers=frozenset((413,))),
        "one endless chunk": Attack(
            lambda: _then(put(chunked=True) + b"fffffffff\r\n", b"x" * LARGE), answers=frozenset((413,))
        ),
        "bodies longer than announced": Attack(
            lambda: iter((put(length=2) + b"{}" + b"x" * LARGE,)), answers=frozenset((400,))
        ),
        "bodies announced too large": Attack(
            lambda: iter((put(length=10**15), b"x" * LARGE)), answers=frozenset((413,))
        ),
        "an endless header": Attack(
            lambda: _then(head.begun() + b"X-Endless: ", b"x" * 8192), answers=frozenset((431,))
        ),
        "endless headers": Attack(lambda: _then(head.begun(), b"a:b\r\n" * 1000), answers=frozenset((431,))),
        "endless request lines": Attack(lambda: _then(b"GET /", b"x" * 8192), answers=frozenset((414,))),
        "endless methods": Attack(lambda: repeat(b"GET" * 1000), answers=frozenset((400,))),
        "endless queries": Attack(lambda: _then(b"GET /api/v1/tables?x=", b"%20&y=" * 1000), answers=frozenset((414,))),
        "requests nobody hears the answers of": Attack(
            lambda: repeat(head.of("GET", "/api/v1/tables?limit=1000") * 50), reads=False
        ),
        "requests without end": Attack(lambda: repeat(head.of("GET", TABLE) * 100), size=2, answers=frozenset((200,))),
        "callers that leave in the head": Attack(lambda: iter((head.begun(),))),
        "callers that leave in the body": Attack(lambda: iter((put(length=100) + b"{",))),
        "callers that leave before the answer": Attack(
            lambda: iter((head.of("GET", "/api/v1/tables?limit=1000"),)), reads=False
        ),
    }


class Heads:
    """Heads of requests to a server."""

    def __init__(self, server: Server) -> None:
        self._fixed = f"Host: localhost\r\n{server.authorization}\r\n"

    def begun(self) -> bytes:
        """One that goes on."""
        return f"GET {TABLE} HTTP/1.1\r\n{self._fixed}".encode()

    def of(self, method: str, target: str, *, length: int | None = None, chunked: bool = False) -> bytes:
        body = "" if length is None else f"Content-Type: application/json\r\nContent-Length: {length}\r\n"
        if chunked:
            body = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        return f"{method} {target} HTTP/1.1\r\n{self._fixed}{body}\r\n".encode()


def chunk(size: int) -> bytes:
    return b"%x\r\n%s\r\n" % (size, b"x" * size)


def _then(first: bytes, again: bytes) -> Iterator[bytes]:
    yield first
    yield from repeat(again)
