"""Worlds over each kind of store, opened as a test wants them, and asked without waiting for anything by hand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import orjson

from mockserver.exchange import Call, Problem, Reply
from mockserver.http.loop import Loop
from mockserver.http.stored import StoredWorlds
from mockserver.http.worlds import Described, MemoryWorlds, Worlds
from mockserver.stores.opening import open_store
from mockserver.world.registry import DEFAULT, Limits, Source
from mockserver.world.root import Root
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.support import tokens
from tests.support.engines import MEDIA_TYPES, ORIGIN, contract_of, engine_of, seeds_of
from tests.support.time import Now

Json = Any
T = TypeVar("T")
PROFILE = "docs"
TABLE = f"/tables/{KNOWN['table']}"
FIXTURES = Source()


@dataclass(frozen=True)
class Kept:
    """Worlds, and the loop in which they are asked."""

    worlds: Worlds
    loop: Loop
    now: Now = field(default_factory=Now)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(coroutine)

    def look(self, job: Callable[[World], T], name: str = DEFAULT) -> T:
        return self.run(self.worlds.look(name, job))

    def change(self, job: Callable[[World], T], name: str = DEFAULT) -> T:
        return self.run(self.worlds.change(name, job))

    def create(self, name: str | None = None, source: Source = FIXTURES, ttl: float | None = None) -> Described:
        return self.run(self.worlds.create(name, source, ttl))

    def delete(self, name: str) -> None:
        self.run(self.worlds.delete(name))

    def described(self, name: str = DEFAULT) -> Described:
        return self.run(self.worlds.described(name))

    def names(self) -> list[str]:
        return [each.name for each in self.run(self.worlds.listed())]

    def root(self, source: Source = FIXTURES) -> Root:
        return self.run(self.worlds.root(source))

    def answer(self, call: Call) -> Reply:
        """As a server would: at once where that is possible, or else by the store's leave."""
        return self.run(answered(self.worlds, call))

    def ask(self, method: str, path: str, body: Json = None, name: str = DEFAULT, user: str = "admin") -> Json:
        """The value of a successful answer."""
        reply = self.answer(call(method, path, body, name, user))
        assert reply.status < 300, reply.body
        return orjson.loads(reply.body) if reply.body else None


def call(method: str, path: str, body: Json = None, world: str = DEFAULT, user: str = "admin") -> Call:
    """A request of a user; `path` follows the prefix `/api/v1`."""
    path, _, query = path.partition("?")
    headers = {"authorization": f"Bearer {tokens.good(user)}"}
    if body is not None:
        headers["content-type"] = MEDIA_TYPES.get(method, "application/json")
    data = b"" if body is None else orjson.dumps(body)
    made = Call(method, f"/api/v1{path}", query, headers, data, ORIGIN)
    made.world = world
    return made


async def answered(worlds: Worlds, call: Call) -> Reply:
    engine = engine_of(PROFILE)
    world = worlds.at_once(call.world, call.method)
    if world is not None:
        return engine.handle(call, world)
    return await worlds.answer(call.world, call.method, lambda world: engine.handle(call, world))


def refusal(job: Callable[[], object]) -> tuple[int, str]:
    """Status and reason of the Problem that a job must end in."""
    try:
        job()
    except Problem as problem:
        return problem.status, problem.message
    raise AssertionError("nothing was refused")


class Kind(Protocol):
    """One way to keep worlds, empty at the start of a test; `shared`: what is opened twice is the same."""

    shared: bool

    def open(self, limits: Limits, now: Callable[[], float]) -> Worlds: ...

    def close(self) -> None: ...


class Memory:
    """Worlds of one process."""

    shared = False

    def open(self, limits: Limits, now: Callable[[], float]) -> Worlds:
        return MemoryWorlds(seeds_of(PROFILE), limits, now)

    def close(self) -> None:
        """Nothing is left of it."""


class Stored:
    """Worlds that a store keeps; each opening is a server of its own."""

    shared = True

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened: list[StoredWorlds] = []

    def open(self, limits: Limits, now: Callable[[], float]) -> Worlds:
        contract = contract_of(PROFILE)
        store = open_store(self.url, contract.name)
        worlds = StoredWorlds(store, seeds_of(PROFILE), contract.stored_by_resource, limits, now)
        self._opened.append(worlds)
        return worlds

    def close(self) -> None:
        for worlds in self._opened:
            worlds.close()
