"""The short way from a socket to the engine and back: what is here whole is answered at once, without ASGI."""

from __future__ import annotations

from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver.exchange import Call, Reply
from mockserver.http import wire
from mockserver.http.app import App, Later
from mockserver.http.heads import CLOSE, END, LARGEST_JOINED, Head, Heads
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

    def read(self, data: bytes | memoryview) -> None:
        super().read(data)
        if self._held:
            self._leave()

    def on_message_begin(self) -> None:
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
        if self._held:
            self.note_end()
            self._answer()
        else:
            super().on_message_complete()

    def _answer(self) -> None:
        app = self._direct
        headers = app.decoded(self._fields)
        path, query = self._heads.target(self.url)
        call = Call(self.parser.get_method().decode("ascii"), path, query, headers, self._body)
        reply = app.at_once(call, self.scheme or "http") if self._is_plain(headers) else None
        if reply is None:
            self._leave()
            super().on_message_complete()
            return
        if not isinstance(reply, Reply):
            self._leave(partial(self._answer_later, call, reply))
            super().on_message_complete()
            return
        parts = self._heads.head(call, reply, self.server_state.default_headers)
        if reply.delay or reply.drop or parts is None:
            self._leave(partial(_act_out, call, reply))
            super().on_message_complete()
            return
        self._held = False
        self._write(call, reply, parts, self.parser.should_keep_alive())
        # Nothing waits behind an answer that was given at once, so there is nothing to go on with.
        self.note_answer()

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

    def _leave(self, app: ASGIApp | None = None) -> None:
        """Hands what was read of a request to an ASGI cycle: of our application, or of what acts out its reply."""
        self._held = False
        url = self.url
        super().on_message_begin()
        self.url = url
        for name, value in self._fields:
            super().on_header(name, value)
        self.app = self._direct if app is None else app
        super().on_headers_complete()
        self.app = self._direct
        if self._body:
            super().on_body(self._body)


async def _act_out(call: Call, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    await wire.act_out(call, reply, receive, send)
