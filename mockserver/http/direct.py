"""The short way from a socket to the engine and back: what is here whole is answered at once, without ASGI."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver.exchange import Call, Reply
from mockserver.http import wire
from mockserver.http.app import App, Later
from mockserver.http.cycle import Cycle
from mockserver.http.heads import CLOSE, END, LARGEST_JOINED, Asked, Head, Heads
from mockserver.http.protocol import NOWHERE, SteadyProtocol
from mockserver.http.wire import ASGIApp, Receive, Scope, Send


class DirectProtocol(SteadyProtocol):
    """Answers what comes whole while nothing else is on its way; all other requests are left to uvicorn's cycles."""

    def __init__(self, *, heads: Heads, **given: Any) -> None:
        super().__init__(**given)
        self._direct: App = self.config.loaded_app
        self._heads = heads
        # Whether a request whose head is here is nobody's yet.
        self._held = False
        self._body = b""
        # Of what is being read: how many requests begin and end in it, and the one that was answered last.
        self._begun = self._ended = 0
        self._asked: Asked | None = None

    def data_received(self, data: bytes) -> None:
        asked = self._heads.request(data)
        if asked is not None and not self._is_engaged():
            call = Call(*asked)
            reply = self._direct.at_once(call, self.scheme or "http")
            if reply is not None:
                self._reply(call, reply, keep=True)
                return
        super().data_received(data)

    def read(self, data: bytes | memoryview) -> None:
        self._begun = self._ended = 0
        self._asked, parser = None, self.parser
        super().read(data)
        if self._held:
            self._leave()
        elif self._asked is not None and self._is_one() and self.parser is parser:
            self._heads.learn(data, self._asked)

    def _is_one(self) -> bool:
        """Whether what was read is a request from its first byte to its last."""
        return self._begun == self._ended == 1 and not self._receiving

    def on_message_begin(self) -> None:
        self._begun += 1
        self.note_begin()
        self.url = b""
        self.headers = []
        self._body = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.note_head()
        self._fields, self.headers = self.headers, NOWHERE
        self._held = True
        if self.parser.should_upgrade() or self.flow.write_paused or self.is_answering():
            self._leave()

    def on_body(self, body: bytes) -> None:
        if self._held:
            self._body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._ended += 1
        if self._held:
            self.note_end()
            self._answer()
        else:
            super().on_message_complete()

    def _is_engaged(self) -> bool:
        """Whether anything that came before is still to be read, answered or sent."""
        return bool(
            self._receiving
            or self.held
            or self.pipeline
            or self.refused
            or self.flow.write_paused
            or self.is_answering()
        )

    def _answer(self) -> None:
        asked = self._read_out()
        call = Call(*asked)
        reply = self._direct.at_once(call, self.scheme or "http") if self._is_plain(call.headers) else None
        if reply is None:
            self._leave()
            super().on_message_complete()
            return
        keep = self.parser.should_keep_alive()
        self._held, self._asked = False, asked if keep else None
        self._reply(call, reply, keep)

    def _read_out(self) -> Asked:
        return (
            self.parser.get_method().decode("ascii"),
            *self._heads.target(self.url),
            self._direct.decoded(self._fields),
            self._body,
        )

    def _reply(self, call: Call, reply: Reply | Later, keep: bool) -> None:
        """Puts a reply on the line; one that is still to come, or has to be acted out, has a cycle of its own."""
        if not isinstance(reply, Reply):
            self._engage(call, partial(self._answer_later, call, reply), keep)
            return
        parts = self._heads.head(call, reply, self.server_state.default_headers)
        if reply.delay or reply.drop or parts is None:
            self._engage(call, partial(_act_out, call, reply), keep)
            return
        self._write(call, reply, parts, keep)
        # Nothing waits behind an answer that was given at once, so there is nothing to go on with.
        self.note_answer()

    def _engage(self, call: Call, app: ASGIApp, keep: bool) -> None:
        """Begins a cycle as uvicorn would, for an application that knows the request."""
        self.cycle = Cycle(
            scope={"type": "http", "method": call.method},  # type: ignore[typeddict-item]
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=keep,
            on_response=self.on_response_complete,
        )
        self.cycle.more_body = False
        self._start_asgi_task(self.cycle, app)

    async def _answer_later(self, call: Call, later: Later, scope: Scope, receive: Receive, send: Send) -> None:
        """The application of a cycle in which an answer is waited for, and then written as any other one."""
        reply = await later()
        parts = self._heads.head(call, reply, self.server_state.default_headers)
        cycle: RequestResponseCycle = send.__self__  # type: ignore[attr-defined]
        if reply.delay or reply.drop or parts is None or self.flow.write_paused or cycle.disconnected:
            await wire.act_out(call, reply, receive, send)
            return
        self._write(call, reply, parts, cycle.keep_alive)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()

    def _write(self, call: Call, reply: Reply, parts: Head, keep: bool) -> None:
        """Puts an answer on the line, and ends the line unless it is to be kept."""
        before, after, measured = parts
        length = b"%d" % len(reply.body) if measured else b""
        body = wire.body_of(call.method, reply)
        head = b"".join((before, length, after, END if keep else CLOSE))
        if len(body) > LARGEST_JOINED:
            self.transport.writelines((head, body))
        else:
            self.transport.write(head + body)
        if not keep:
            self.transport.close()

    def _is_plain(self, headers: wire.Fields) -> bool:
        """Whether nothing about a request asks for more than an answer."""
        return "expect" not in headers and self.parser.get_http_version() == "1.1"

    def _leave(self) -> None:
        """Hands what was read of a request to an ASGI cycle."""
        self._held = False
        url = self.url
        super().on_message_begin()
        self.url = url
        for name, value in self._fields:
            super().on_header(name, value)
        super().on_headers_complete()
        if self._body:
            super().on_body(self._body)


async def _act_out(call: Call, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    await wire.act_out(call, reply, receive, send)
