"""How a conversation's calls reach a server: straight into the engine, or over a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from mockserver.exchange import Call
from mockserver.http.app import App
from mockserver.http.sandbox import Sandbox
from mockserver.http.wallet import Wallet
from mockserver.http.worlds import MemoryWorlds
from mockserver.world.world import World
from tests.support import tokens
from tests.support.engines import ORIGIN, contract_of, engine_of, seeds_of
from tests.support.live import Line

Json = Any


@dataclass(frozen=True)
class Request:
    """A call as it goes out; `path` has the server's prefix and the query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def value(self) -> Json:
        """What the body says: a text as it is, else a JSON value; none is null."""
        if self.headers.get("content-type", "").startswith("text/plain"):
            return self.body.decode()
        return orjson.loads(self.body or b"null")


class Transport(Protocol):
    """A server at its seeds."""

    def token(self, user: str, kind: str) -> str: ...
    def send(self, request: Request) -> Answer: ...
    def wait(self, seconds: float) -> None: ...


class InProcess:
    """The engine with a world of its own."""

    def __init__(self, profile: str) -> None:
        self._engine = engine_of(profile)
        self.world = World(seeds_of(profile))

    def token(self, user: str, kind: str) -> str:
        made: str = getattr(tokens, kind)(user)
        return made

    def send(self, request: Request) -> Answer:
        path, _, query = request.path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self._engine.handle(Call(request.method, path, query, headers, request.body, ORIGIN), self.world)
        told = {name.lower(): value for name, value in reply.headers}
        if reply.media_type is not None:
            told["content-type"] = reply.media_type
        return Answer(reply.status, told, reply.body)

    def wait(self, seconds: float) -> None:
        self.world.set_clock(self.world.root.clock.advance(round(seconds * 1000)))


class OnSocket(InProcess):
    """A server that listens, which is given a world of its own."""

    def __init__(self, profile: str, app: App, url: str) -> None:
        super().__init__(profile)
        sandbox = fresh(profile)
        app.serve(sandbox)
        self.world = sandbox.world
        self._line = Line(url)

    def send(self, request: Request) -> Answer:
        fields = {"Host": urlsplit(ORIGIN).netloc, **request.headers, "Content-Length": str(len(request.body))}
        lines = (f"{name}: {value}" for name, value in fields.items())
        self._line.say(f"{request.method} {request.path} HTTP/1.1", *lines, body=request.body, host=False)
        heard = self._line.hear(request.method)
        return Answer(heard.status, heard.headers, heard.body)

    def close(self) -> None:
        self._line.close()


def fresh(profile: str) -> Sandbox:
    """A sandbox at its seeds."""
    return Sandbox(contract_of(profile), engine_of(profile), MemoryWorlds(seeds_of(profile)), _wallet(), ())


@cache
def _wallet() -> Wallet:
    return Wallet(tokens.key("server"))
