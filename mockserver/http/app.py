"""The ASGI application: the contract's paths straight through the engine, everything else to the pages beside it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from mockserver.contract.problem import nearest
from mockserver.engine.handle import Engine
from mockserver.exchange import Call, Headers, Problem, Reply
from mockserver.http import cors, wire
from mockserver.http.hosts import Hosts, authority
from mockserver.http.problems import problem_reply
from mockserver.http.sandbox import Sandbox
from mockserver.http.wire import ASGIApp, Receive, Scope, Send

logger = logging.getLogger("mockserver.app")

BODY_LIMIT = 1024 * 1024
CONTROL = "/__mock__"
PAGES = ("/", "/openapi.json", "/openapi.yaml", "/.well-known/jwks.json")
MOST_HOSTS = 1000
MOST_HEADERS = 256
LONGEST_HEADERS = 4096
LONGEST_REASON = 300

Log = Callable[[Call, Reply, float], Headers]


@dataclass(frozen=True)
class Settings:
    """How the server treats its callers, whatever it serves."""

    hosts: Hosts = field(default_factory=Hosts)
    body_limit: int = BODY_LIMIT
    control: bool = True
    control_token: str | None = None
    log: Log | None = None
    pages: Mapping[str, ASGIApp] = field(default_factory=dict)


class App:
    """Serves one sandbox at a time; `serve` puts another in its place between two requests."""

    def __init__(self, sandbox: Sandbox, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._origins: dict[tuple[str, str | None], str] = {}
        self._headers: dict[tuple[tuple[bytes, bytes], ...], wire.Fields] = {}
        # The one way from a call to its reply, whoever read the call off the line; it waits for nothing.
        self.answer = self._reply if self.settings.log is None else self._logged
        self.serve(sandbox)

    def serve(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._api = f"{sandbox.contract.prefix}/"
        self._pages = frozenset(
            path for path in (*PAGES, *self.settings.pages) if not sandbox.engine.router.allowed(path)
        )
        self._rest: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other_protocol(scope, receive, send)
            return
        raw = scope.get("raw_path")
        path = quote(scope["path"]) if raw is None else raw.decode("latin-1")
        headers = self.decoded(scope["headers"])
        call = Call(scope["method"], path, scope["query_string"].decode("latin-1"), headers)
        beside = self.is_beside(path)
        try:
            # Only the oldest callers may leave it to us to say where they came in.
            self.admit(call, scope["scheme"], scope["server"] if scope["http_version"] == "1.0" else None)
            if not beside and ("content-length" in headers or "transfer-encoding" in headers):
                call.body = await wire.read_body(headers, receive, self.settings.body_limit)
        except Problem as problem:
            reply = problem_reply(problem) if beside else self._refuse(call, problem)
            if self.settings.log is not None:
                reply = _with(reply, self.settings.log(call, reply, 0.0))
            await wire.send_early(wire.start(call, reply), reply.body, receive, send)
            return
        except wire.Disconnected:
            return
        if beside:
            await self._beside(scope, receive, send)
            return
        await wire.act_out(call, self.answer(call), receive, send)

    def at_once(self, call: Call, scheme: str) -> Reply | None:
        """The reply to a call that came whole; None for one that is a page's, refused unread, or has to wait."""
        try:
            self.admit(call, scheme)
        except Problem:
            return None
        if self.is_beside(call.path) or len(call.body) > self.settings.body_limit:
            return None
        return self.answer(call)

    def is_beside(self, path: str) -> bool:
        """Whether a path is a page's or the control plane's, which are no operations of the contract."""
        return path in self._pages or path.startswith(CONTROL)

    def admit(self, call: Call, scheme: str, server: tuple[str, int] | None = None) -> None:
        """Notes the origin that was called, that of `server` where no Host says it; a Problem when it is not ours."""
        known = self._origins.get((scheme, call.headers.get("host")))
        call.origin = self._origin(call.headers, scheme, server) if known is None else known

    def decoded(self, sent: Collection[tuple[bytes, bytes]]) -> wire.Fields:
        """The header fields; callers send the same ones again and again, so these are decoded once and shared."""
        key = tuple(sent)
        known = self._headers.get(key)
        if known is None:
            known = wire.decoded(sent)
            if sum(len(name) + len(value) for name, value in sent) <= LONGEST_HEADERS:
                if len(self._headers) >= MOST_HEADERS:
                    self._headers.clear()
                self._headers[key] = known
        return known

    def _reply(self, call: Call) -> Reply:
        try:
            if call.method == "OPTIONS":
                return self._options(call)
            if not call.path.startswith(self._api):
                return self._outside(call)
            return self.sandbox.engine.handle(call, self.sandbox.world)
        except Exception as error:
            logger.exception("%s %s could not be answered", call.method, call.path)
            reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
            return self._refuse(call, Problem(500, f"the sandbox itself failed, and nothing was changed: {reason}"))

    def _logged(self, call: Call) -> Reply:
        assert self.settings.log is not None
        started = time.perf_counter()
        reply = self._reply(call)
        return _with(reply, self.settings.log(call, reply, time.perf_counter() - started + reply.delay))

    def _options(self, call: Call) -> Reply:
        """What the path allows, for a browser's preflight and for whoever asks; or what the contract says about it."""
        engine, preflight = self.sandbox.engine, cors.is_preflight(call.headers)
        allowed = engine.router.allowed(call.path)
        if not allowed or not (preflight or _refuses_options(engine, call.path)):
            return engine.handle(call, self.sandbox.world)
        headers = (("Allow", ", ".join(allowed)), *(cors.permit(call.headers, allowed) if preflight else ()))
        return self._written_down(call, Reply(204, media_type=None, headers=headers))

    def _outside(self, call: Call) -> Reply:
        """A path that is no operation's; it may be meant for a page."""
        known = nearest(call.path, (*self._pages, f"{CONTROL}/health"))
        if known is None:
            return self.sandbox.engine.handle(call, self.sandbox.world)
        return self._refuse(call, Problem(404, f"nothing is at the path {call.path}; did you mean {known}?"))

    def _refuse(self, call: Call, problem: Problem) -> Reply:
        """A refusal that the engine did not come to: in its words, and in the journal like its own."""
        return self._written_down(call, self.sandbox.engine.refuse(problem), problem)

    def _written_down(self, call: Call, reply: Reply, problem: Problem | None = None) -> Reply:
        world = self.sandbox.world
        world.journal.write(world.root.clock.now(), None, None, call, reply, problem)
        return reply

    def _origin(self, headers: Mapping[str, str], scheme: str, server: tuple[str, int] | None) -> str:
        host = headers.get("host")
        if host is None:
            if server is None:
                raise Problem(400, "a request needs a Host header")
            return f"{scheme}://{authority(*server)}"
        try:
            admitted = self.settings.hosts.admits(host)
        except ValueError:
            raise Problem(400, f"the Host header {host[:100]!r} names no host; it is written as name:port") from None
        if not admitted:
            hint = "if the name is yours, start the server with --allowed-host and that name"
            raise Problem(421, f"this server does not answer for the host {host[:100]!r}; {hint}")
        origin = f"{scheme}://{host}"
        if len(self._origins) < MOST_HOSTS:
            self._origins[scheme, host] = origin
        return origin

    async def _beside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The pages and the control plane, which are loaded when somebody first asks for them."""
        page = self.settings.pages.get(scope["path"])
        if page is not None:
            await page(scope, receive, send)
            return
        if self._rest is None:
            from mockserver.http.pages import build_pages

            self._rest = build_pages(self.sandbox, self.settings)
        await self._rest(scope, receive, send)


def _with(reply: Reply, more: Headers) -> Reply:
    """The reply with some more headers; the engine may give the same one again, so it stays as it is."""
    return replace(reply, headers=(*reply.headers, *more)) if more else reply


def _refuses_options(engine: Engine, path: str) -> bool:
    try:
        engine.router.match("OPTIONS", path)
    except Problem:
        return True
    return False


async def _other_protocol(scope: Scope, receive: Receive, send: Send) -> None:
    """Nothing is to be done when the server starts or stops, and nothing but HTTP is spoken."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1003})
        return
    message: Mapping[str, Any] = {}
    while message.get("type") != "lifespan.shutdown":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
