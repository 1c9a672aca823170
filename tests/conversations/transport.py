"""How a conversation's calls reach a server: here straight into the engine, without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.engine.handle import Engine
from mockserver.exchange import Call
from mockserver.seeding.load import seed_root
from mockserver.world.root import Root
from mockserver.world.world import World
from tests.support import tokens

ORIGIN = "http://localhost:8585"


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
        self._engine, root = _seeded(profile)
        self.world = World(root)

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


@cache
def contract_of(profile: str) -> Contract:
    return load_contract("openmetadata", profile)


@cache
def _seeded(profile: str) -> tuple[Engine, Root]:
    engine = Engine(contract_of(profile), OpenMetadata(), tokens.signer())
    return engine, seed_root(engine.contract, engine.dialect, "documented").root
