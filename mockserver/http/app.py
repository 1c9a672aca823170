"""The ASGI application: the contract's paths straight through the engine, everything else to the pages beside it."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from mockserver.contract.problem import nearest
from mockserver.engine.handle import Engine
from mockserver.exchange import Call, Headers, LongHeaders, Problem, Reason, Reply
from mockserver.http import cors, wire
from mockserver.http.admission import Admission
from mockserver.http.guard import CONTROL
from mockserver.http.problems import problem_reply
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.http.wire import ASGIApp, Receive, Scope, Send
from mockserver.world.world import World

if TYPE_CHECKING:
    from mockserver.http.control.plane import ControlPlane
    from mockserver.http.outgoing import Outgoing

logger = logging.getLogger("mockserver.app")

# Waits for a reply that a store has to be asked about.
Later = Callable[[], Awaitable[Reply]]

PAGES = ("/", "/openapi.json", "/openapi.yaml", "/.well-known/jwks.json")
MOST_HEADERS = 256
LONGEST_HEADERS = 4096
LONGEST_REASON = 300


class App:
    """Serves one sandbox at a time; `serve` puts another in its place between two requests."""

    def __init__(self, sandbox: Sandbox, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.admit = Admission(self.settings.hosts).admit
        self._headers: dict[tuple[tuple[bytes, bytes], ...], wire.Fields] = {}
        self.outgoing: Outgoing | None = None
        self.serve(sandbox)

    def serve(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._api = f"{sandbox.contract.prefix}/"
        self._pages = frozenset(
            path for path in (*PAGES, *self.settings.pages) if not sandbox.engine.router.allowed(path)
        )
        self._page: ASGIApp | None = None
        self._control: ControlPlane | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await wire.other_protocol(scope, receive, send)
            return
        raw = scope.get("raw_path")
        path = quote(scope["path"]) if raw is None else raw.decode("latin-1")
        headers = self.decoded(scope["headers"])
        call = Call(scope["method"], path, scope["query_string"].decode("latin-1"), headers)
        try:
            # Only the oldest callers may leave it to us to say where they came in.
            self.admit(call, scope["scheme"], scope["server"] if scope["http_version"] == "1.0" else None)
            if self.is_page(call.path):
                await self._show(call, scope, receive, send)
                return
            if "content-length" in headers or "transfer-encoding" in headers:
                call.body = await wire.read_body(headers, receive, self._limit(call))
        except Problem as problem:
            reply = self._refuse_unread(call, problem)
            await wire.send_early(wire.start(call, reply), reply.body, receive, send)
            return
        except wire.Disconnected:
            return
        if self.is_control(call.path):
            await wire.act_out(call, await self.control.answer(call), receive, send)
            return
        answer = self.answer(call) or await self._answer_later(call)
        await wire.act_out(call, answer, receive, send)

    def at_once(self, call: Call, scheme: str) -> Reply | Later | None:
        """The reply to a call that came whole, or how to wait for it; None for a page's and for one refused unread."""
        try:
            self.admit(call, scheme)
        except Problem:
            return None
        if call.body and len(call.body) > self._limit(call):
            return None
        path = call.path
        if path.startswith(CONTROL):
            return self.control.at_once(call) if self.settings.control else None
        if path in self._pages:
            return None
        return self.answer(call) or partial(self._answer_later, call)

    def is_page(self, path: str) -> bool:
        """Whether a path is a page's; with the control plane switched off, its paths are pages that are not there."""
        return path in self._pages or (path.startswith(CONTROL) and not self.settings.control)

    def is_control(self, path: str) -> bool:
        return path.startswith(CONTROL)

    @property
    def control(self) -> ControlPlane:
        """The control plane, which is loaded when somebody first asks for it."""
        if self._control is None:
            from mockserver.http.control.plane import ControlPlane

            self._control = ControlPlane(self.sandbox, self.settings.control_token, self.outgoing)
        return self._control

    def _limit(self, call: Call) -> int:
        """How many bytes a request's body may have."""
        control = self.settings.control and self.is_control(call.path)
        return self.control.limit(call) if control else self.settings.body_limit

    def decoded(self, sent: Collection[tuple[bytes, bytes]]) -> wire.Fields:
        """The header fields; callers send the same ones again and again, so these are decoded once and shared."""
        key = tuple(sent)
        known = self._headers.get(key)
        if known is None:
            known = wire.decoded(sent)
            if sum(len(name) + len(value) for name, value in sent) > LONGEST_HEADERS:
                return LongHeaders(known)
            if len(self._headers) >= MOST_HEADERS:
                self._headers.clear()
            self._headers[key] = known
        return known

    def answer(self, call: Call) -> Reply | None:
        """The one way from a call to its reply, whoever read the call off the line; None when that has to wait."""
        started = time.perf_counter() if self.settings.log else 0.0
        try:
            world = self.sandbox.worlds.at_once(call.world, call.method)
            if world is None:
                return None
            reply = self._reply(call, world)
            if world.root.outbox.open and self.outgoing is not None:
                self.outgoing.notice(call.world, world.root.outbox)
        except Problem as problem:
            reply = self._refuse(call, problem)
        return reply if self.settings.log is None else self._logged(call, reply, started)

    async def _answer_later(self, call: Call) -> Reply:
        """The reply of a world that a store has to be asked about."""
        started = time.perf_counter()
        try:
            reply = await self.sandbox.worlds.answer(call.world, call.method, lambda world: self._reply(call, world))
            if self.outgoing is not None:
                self.outgoing.look(call.world)
        except Problem as problem:
            reply = self._refuse(call, problem)
        return self._logged(call, reply, started)

    def _logged(self, call: Call, reply: Reply, started: float) -> Reply:
        if self.settings.log is None:
            return reply
        return _with(reply, self.settings.log(call, reply, time.perf_counter() - started + reply.delay))

    def _reply(self, call: Call, world: World) -> Reply:
        try:
            if call.method == "OPTIONS":
                return self._options(call, world)
            if not call.path.startswith(self._api):
                return self._outside(call, world)
            return self.sandbox.engine.handle(call, world)
        except Exception as error:
            logger.exception("%s %s could not be answered", call.method, call.path)
            reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
            problem = Problem(500, f"the sandbox itself failed, and nothing was changed: {reason}")
            return written_down(world, call, self.sandbox.engine.refuse(problem), problem.reason)

    def _options(self, call: Call, world: World) -> Reply:
        """What the path allows, for a browser's preflight and for whoever asks; or what the contract says about it."""
        engine, preflight = self.sandbox.engine, cors.is_preflight(call.headers)
        allowed = engine.router.allowed(call.path)
        if not allowed or not (preflight or _refuses_options(engine, call.path)):
            return engine.handle(call, world)
        headers = (("Allow", ", ".join(allowed)), *(cors.permit(call.headers, allowed) if preflight else ()))
        return written_down(world, call, Reply(204, media_type=None, headers=headers))

    def _outside(self, call: Call, world: World) -> Reply:
        """A path that is no operation's; it may be meant for a page."""
        known = nearest(call.path, (*self._pages, f"{CONTROL}/health"))
        if known is None:
            return self.sandbox.engine.handle(call, world)
        problem = Problem(404, f"nothing is at the path {call.path}; did you mean {known}?")
        return written_down(world, call, self.sandbox.engine.refuse(problem), problem.reason)

    def refusal(self, problem: Problem) -> Reply:
        """In the contract's words, for what never became a call."""
        return self.sandbox.engine.refuse(problem)

    def _refuse(self, call: Call, problem: Problem) -> Reply:
        """A refusal that the engine did not come to: in its words, and in the journal like its own."""
        reply = self.sandbox.engine.refuse(problem)
        world = self.sandbox.worlds.known(call.world)
        return reply if world is None else written_down(world, call, reply, problem.reason)

    def _refuse_unread(self, call: Call, problem: Problem) -> Reply:
        """A refusal of a request whose body was not read."""
        if self.is_page(call.path) or self.is_control(call.path):
            return problem_reply(problem)
        reply = self._refuse(call, problem)
        return reply if self.settings.log is None else _with(reply, self.settings.log(call, reply, 0.0))

    async def _show(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        """A page; most of them are loaded when somebody first asks for one."""
        page = self.settings.pages.get(call.path)
        if page is not None:
            await page(scope, receive, send)
            return
        if self._page is None:
            from mockserver.http.pages import build_pages

            self._page = build_pages(self.sandbox)
        home = urlsplit(call.origin).path
        place = {"root_path": home, "path": home + unquote(call.path), "raw_path": (home + call.path).encode("latin-1")}
        await self._page({**scope, **place}, receive, send)


def written_down(world: World, call: Call, reply: Reply, reason: Reason | None = None) -> Reply:
    """The same reply, once it is in the world's journal; for what the engine did not come to."""
    world.journal.write(world.root.clock.now(), None, None, call, reply, reason)
    return reply


def _with(reply: Reply, more: Headers) -> Reply:
    """The reply with some more headers; the engine may give the same one again, so it stays as it is."""
    return replace(reply, headers=(*reply.headers, *more)) if more else reply


def _refuses_options(engine: Engine, path: str) -> bool:
    try:
        engine.router.match("OPTIONS", path)
    except Problem:
        return True
    return False
