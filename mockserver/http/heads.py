"""What repeats on the line: requests and targets as they are written, heads of answers; each worked out once."""

from __future__ import annotations

import httptools
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from mockserver.exchange import Call, Headers, Reply
from mockserver.http import wire
from mockserver.http.wire import WireHeaders

LONGEST_REQUEST = 4096
MOST_REQUESTS = 512
LONGEST_TARGET = 512
MOST_TARGETS = 1024
MOST_HEADS = 256
LENGTH = b"content-length"
# What ends a head: as it is, or with the word that the line ends with this answer.
END, CLOSE = b"\r\n", b"connection: close\r\n\r\n"
# A larger body is written as it is, not copied behind its head: callers who read it slowly share it.
LARGEST_JOINED = 16 * 1024
# What uvicorn does not merely send, but acts on.
STEERING = frozenset((b"connection", b"transfer-encoding"))

Head = tuple[bytes, bytes, bool]
# Method, path, query, header fields and body.
Asked = tuple[str, str, str, wire.Fields, bytes]


class Heads:
    """The requests, targets and heads of one server; bounded in number and in size."""

    def __init__(self) -> None:
        self._requests: dict[bytes, Asked] = {}
        self._targets: dict[bytes, tuple[str, str]] = {}
        self._heads: dict[tuple[int, str | None, Headers], Head] = {}
        self._defaults: WireHeaders = []

    def request(self, sent: bytes) -> Asked | None:
        """What is asked by these bytes, if it is known, and if nothing else is under way on their line."""
        # The longest ones come with bodies, and to hash them would take longer than to parse them.
        return self._requests.get(sent) if len(sent) <= LONGEST_REQUEST else None

    def learn(self, sent: bytes | memoryview, asked: Asked) -> None:
        """Keeps what is asked by bytes that are one request and no more."""
        if len(sent) <= LONGEST_REQUEST:
            if len(self._requests) >= MOST_REQUESTS:
                self._requests.clear()
            self._requests[bytes(sent)] = asked

    def target(self, url: bytes) -> tuple[str, str]:
        """Path and query of a request's target, both still encoded; ValueError when it is no target."""
        known = self._targets.get(url)
        if known is not None:
            return known
        parsed = httptools.parse_url(url)
        target = (parsed.path.decode("ascii"), (parsed.query or b"").decode("latin-1"))
        if len(url) <= LONGEST_TARGET:
            if len(self._targets) >= MOST_TARGETS:
                self._targets.clear()
            self._targets[url] = target
        return target

    def head(self, call: Call, reply: Reply, defaults: WireHeaders) -> Head | None:
        """An answer's head as uvicorn has it: up to its length, from there on, and whether the length belongs between.

        None for a head that uvicorn would refuse, or act on. `defaults` come first; uvicorn makes new ones each second.
        """
        if "origin" in call.headers:
            return _made(reply, wire.shared(call, reply), defaults)
        if defaults is not self._defaults:
            self._defaults = defaults
            self._heads.clear()
        key = (reply.status, reply.media_type, reply.headers)
        known = self._heads.get(key)
        if known is None:
            known = _made(reply, (), defaults)
            if known is not None and len(self._heads) < MOST_HEADS:
                self._heads[key] = known
        return known


def _made(reply: Reply, more: Headers, defaults: WireHeaders) -> Head | None:
    status = STATUS_LINE.get(reply.status)
    fields = wire.head_of(reply, more)
    if status is None or not all(map(is_plain, (*defaults, *fields))):
        return None
    before, after = [status, *map(line, defaults)], []
    measured = False
    for name, value in fields:
        if name == LENGTH:
            measured = True
            before.append(b"content-length: ")
            after.append(b"\r\n")
        else:
            (after if measured else before).append(line((name, value)))
    return b"".join(before), b"".join(after), measured


def is_plain(field: tuple[bytes, bytes]) -> bool:
    """Whether a field is one that uvicorn merely sends."""
    name, value = field
    return not (HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) or name.lower() in STEERING)


def line(field: tuple[bytes, bytes]) -> bytes:
    """A field as it goes on the line."""
    return b"%b: %b\r\n" % (field[0].lower(), field[1])
