"""How a conversation's calls reach a server: here straight into the engine, without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mockserver.exchange import Call
from mockserver.world.world import World
from tests.support import tokens
from tests.support.engines import ORIGIN, engine_of, seeds_of


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
