"""uvicorn's HTTP on one connection, held to limits: parsed in small pieces, and refused in our words."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from mockserver.exchange import Problem
from mockserver.http.cycle import Cycle
from mockserver.http.flow import Flow
from mockserver.http.limits import Watch
from mockserver.http.listening import SPARE_FILES
from mockserver.http.wire import head_of

if TYPE_CHECKING:
    import asyncio

# One segment may bring 256 KiB, which are thousands of requests; no more of them are begun than a piece holds.
PIECE = 16 * 1024
AT_ONCE = struct.pack("ii", 1, 0)


class LimitedProtocol(HttpToolsProtocol):
    """What it refuses is answered behind what came before; then the line is closed."""

    flow: Flow

    def __init__(self, *, watch: Watch, **given: Any) -> None:
        super().__init__(**given)
        self.watch = watch
        self.since = watch.now
        self.unsent = 0
        self.refused = False
        self.parting = False
        self.held: bytes | memoryview = b""
        self._in_head = False
        self._receiving = False
        self._reading = False
        self._head_size = 0
        self._running: Cycle | None = None
        self._last_word: bytes | None = None
        self._heard_all = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = Flow(self)
        self.watch.connections.add(self)
        room = self.watch.limits.connections - len(self.watch.connections)
        if room < -SPARE_FILES // 2:
            self.abort()
        elif room < 0:
            self.refuse(self.watch.limits.no_room())

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # uvicorn tells the request that was read last, which need not be the one that is being answered.
        self.pipeline.clear()
        if self._running is not None:
            self._running.disconnected = True
            self._running.message_event.set()
        self.watch.connections.discard(self)
        self.flow.reader = None
        self.held = b""

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        if self.held or self.pipeline or self._in_head or len(data) > PIECE:
            self.held = memoryview(bytes(self.held) + data if self.held else data)
            self.read_on()
        else:
            self._take(data)

    def read_on(self) -> None:
        """Parses what is held back, until something in it has to wait for its turn."""
        if self._reading:
            return
        self._reading = True
        while self.held and not (self.pipeline or self.refused or self.transport.is_closing()):
            # A head that is too large is found out at its first byte too many, however it was sent.
            size = min(PIECE, self.watch.limits.head - self._head_size) if self._in_head else PIECE
            piece, self.held = self.held[:size], self.held[size:]
            self._take(piece)
        self._reading = False
        self.flow.settle()

    def _take(self, piece: bytes | memoryview) -> None:
        try:
            self.read(piece)
        except httptools.HttpParserError as error:
            self.refuse(_said_of(error))
            return
        if self._in_head:
            self._head_size += len(piece)
            problem = self.watch.limits.objection(len(self.url), len(self.headers), self._head_size)
            if problem is not None:
                self.refuse(problem)

    def read(self, data: bytes | memoryview) -> None:
        """Takes what came on the line; what is no HTTP is an HttpParserError."""
        self.parser.feed_data(data)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whoever sends no more may still listen: what came whole is answered before the line is closed."""
        self._heard_all = self.is_answering() and self._coming_in() is None
        return self._heard_all

    def on_message_begin(self) -> None:
        self.note_begin()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.note_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.note_end()
        super().on_message_complete()

    def on_chunk_header(self) -> None:
        # Of the last chunk, whose fields follow: they are held to the limits of a head.
        self._in_head, self._head_size = True, 0

    def on_body(self, body: bytes) -> None:
        self._in_head = False
        super().on_body(body)

    def on_chunk_complete(self) -> None:
        self._in_head = False

    def note_begin(self) -> None:
        """The first byte of a request has come."""
        self._receiving = self._in_head = True
        self._head_size = 0
        self.since = self.watch.now

    def note_head(self) -> None:
        """The head of a request has come; a Problem when it is beyond the limits."""
        problem = self.watch.limits.objection(len(self.url), len(self.headers))
        try:
            if problem is not None:
                raise problem
        finally:
            # What is raised holds this frame, which is not to hold it.
            del problem
        self._in_head = False

    def note_end(self) -> None:
        """The last byte of a request has come."""
        self._receiving = False

    def note_answer(self) -> None:
        """A request was answered."""
        self.server_state.total_requests += 1
        self.since = self.watch.now

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        # uvicorn makes cycles of its own kind, and gives nobody a say in it.
        cycle.__class__ = Cycle
        assert isinstance(cycle, Cycle)
        cycle.heads = self.watch.heads
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        # As uvicorn's, without a timer for each answer, and with what was refused behind the last one.
        self.note_answer()
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._last_word is not None:
            self._say_last_word()
        elif self._heard_all:
            self.transport.close()
        elif self.held or self.flow.read_paused:
            self.flow.resume_reading()

    def refuse(self, problem: Problem) -> None:
        """Answers with the problem as soon as all before it is answered, and reads no more requests."""
        if self.refused or self.transport.is_closing():
            return
        self.refused, self.held = True, b""
        waits, cycle = self.is_answering(), self._coming_in()
        if cycle is not None and self.pipeline:
            self.pipeline.popleft()
        elif cycle is not None:
            if cycle.response_started:
                self.transport.close()
                return
            cycle.disconnected, cycle.waiting_for_100_continue, waits = True, False, False
            cycle.message_event.set()
        self._last_word = self._refusal(problem)
        if not waits:
            self._say_last_word()

    def _coming_in(self) -> RequestResponseCycle | None:
        """The request that the application has, or will have, while its body is still coming in."""
        cycle = self.cycle
        return cycle if cycle is not None and cycle.more_body and not cycle.response_complete else None

    def _refusal(self, problem: Problem) -> bytes:
        reply = self.watch.refuse(problem)
        fields = (*self.server_state.default_headers, *head_of(reply), (b"connection", b"close"))
        head = b"".join(b"%s: %s\r\n" % field for field in fields)
        return STATUS_LINE[reply.status] + head + b"\r\n" + reply.body

    def _say_last_word(self) -> None:
        """Closes our half of the line only: closed as a whole, it would lose the answer of who is still sending."""
        assert self._last_word is not None
        self.transport.write(self._last_word)
        end = self.transport.close if self._heard_all else self.transport.write_eof
        end()
        self.since, self.parting = self.watch.now, True
        self.flow.resume_reading()

    def is_receiving(self) -> bool:
        """Whether a part of a request is waited for, and nothing but the caller keeps it from coming."""
        return self._receiving and not self.pipeline

    def is_answering(self) -> bool:
        """Whether an answer to an earlier request is still to be sent."""
        return self.cycle is not None and not self.cycle.response_complete

    def unsent_bytes(self) -> int:
        return self.transport.get_write_buffer_size()

    def close(self) -> None:
        self.transport.close()

    def abort(self) -> None:
        """Resets the line: what was not read is not waited for any longer, by the machine neither."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()


def _said_of(error: httptools.HttpParserError) -> Problem:
    """What stopped the parser: one of our own refusals, or what it found wrong."""
    cause = error.__context__
    if isinstance(cause, Problem):
        return cause
    return Problem(400, f"this is no HTTP request: {cause or error}"[:300])
