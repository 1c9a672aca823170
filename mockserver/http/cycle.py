"""uvicorn's cycle of a request and its answer: a body that is here is had at once, head and body go out together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from mockserver.http.heads import CLOSE, END, LARGEST_JOINED, LENGTH, MOST_HEADS, is_plain, line
from mockserver.http.wire import WITHOUT_BODY, WireHeaders

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent

Head = tuple[bytes, int]


class MadeHeads:
    """The heads that a server's answers had lately, each made once, with the length of the body that it announces."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[tuple[bytes, bytes], ...]], Head | None] = {}
        self._defaults: WireHeaders = []

    def find(self, status: int, fields: Iterable[tuple[bytes, bytes]], defaults: WireHeaders) -> Head | None:
        """None for a head that uvicorn does not merely send; `defaults` come first, new ones each second."""
        if defaults is not self._defaults:
            self._defaults = defaults
            self._known.clear()
        key = (status, tuple(fields))
        if key in self._known:
            return self._known[key]
        made = _made(status, (*defaults, *key[1]))
        if len(self._known) < MOST_HEADS:
            self._known[key] = made
        return made


def _made(status: int, fields: tuple[tuple[bytes, bytes], ...]) -> Head | None:
    lengths = [int(value) for name, value in fields if name == LENGTH and value.isdigit()]
    if len(lengths) != 1 and not (status in WITHOUT_BODY and not lengths):
        return None
    if status not in STATUS_LINE or not all(map(is_plain, fields)):
        return None
    return STATUS_LINE[status] + b"".join(map(line, fields)), lengths[0] if lengths else 0


class Cycle(RequestResponseCycle):
    """A head waits for the body that comes next, so that most answers are one write."""

    heads: MadeHeads
    _head: bytes = b""
    _told: bool = False

    async def receive(self) -> ASGIReceiveEvent:
        waits = self.more_body or self.waiting_for_100_continue
        if self._told or waits or self.disconnected or self.response_complete:
            return await super().receive()
        self._told = True
        self.message_event.clear()
        if self.flow.read_paused:
            self.flow.resume_reading()
        body, self.body = bytes(self.body), bytearray()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: ASGISendEvent) -> None:
        if self.flow.write_paused or self.disconnected:
            self._release()
        elif not self.response_started:
            if self._hold(message):
                return
        elif self._head:
            if self._finish(message):
                return
            self._release()
        await super().send(message)

    def _hold(self, message: Any) -> bool:
        """Keeps the head back, if this is one that is as it should be."""
        if message["type"] != "http.response.start":
            return False
        head = self.heads.find(message["status"], message.get("headers", ()), self.default_headers)
        if head is None:
            return False
        self.response_started, self.waiting_for_100_continue, self.chunked_encoding = True, False, False
        self._head, self.expected_content_length = head[0] + (END if self.keep_alive else CLOSE), head[1]
        return True

    def _finish(self, message: Any) -> bool:
        """Writes head and body, if this is all of the body that was announced."""
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or message.get("more_body", False):
            return False
        if len(body) != self.expected_content_length or len(body) > LARGEST_JOINED or self.scope["method"] == "HEAD":
            return False
        self.expected_content_length, self.response_complete = 0, True
        self.transport.write(self._head + body)
        self._head = b""
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
        return True

    def _release(self) -> None:
        """Writes a head that was kept back by itself."""
        if self._head:
            self.transport.write(self._head)
            self._head = b""
