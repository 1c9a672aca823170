"""The worlds of a server as requests and the control plane reach them, wherever they are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from mockserver.contract import verbs
from mockserver.http.picking import Picked, picked
from mockserver.world.draft import Draft, adopt
from mockserver.world.registry import DEFAULT, Entry, Limits, Registry, Source
from mockserver.world.root import Root
from mockserver.world.world import World

Json = Any
T = TypeVar("T")
# A contract in which one of these writes is refused.
SAFE = frozenset(method.upper() for method in verbs.SAFE)


class Described(NamedTuple):
    """What is known of a world from outside; `idle` in seconds since its last use."""

    name: str
    source: str
    records: int
    snapshots: int
    requests: int
    idle: float
    ttl: float | None

    def as_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "from": self.source,
            "records": self.records,
            "snapshots": self.snapshots,
            "requests": self.requests,
            "idle": round(self.idle, 3),
            "ttl": self.ttl,
        }


class Worlds(Protocol):
    """Where worlds are kept. A name that leads to none is a 404 Problem, one that is gone a 410.

    A job is a synchronous function of a world. It may be run again, on a newer state, when another server was quicker.
    """

    @property
    def limits(self) -> Limits: ...

    @property
    def immediate(self) -> bool:
        """Whether nothing that is asked of these worlds has to wait."""

    @property
    def default(self) -> World:
        """The default world as it was when it was last looked at."""

    def at_once(self, name: str, method: str) -> World | None:
        """The world in which a request of this method is answered without waiting; None if a store must be asked."""

    def known(self, name: str) -> World | None:
        """The world as it was when it was last looked at; None when none of that name was."""

    async def answer(self, name: str, method: str, job: Callable[[World], T]) -> T:
        """What a request of this method is answered; a safe one may find a fault that strikes, which is counted."""

    async def look(self, name: str, job: Callable[[World], T]) -> T:
        """What a job that changes nothing finds in a world as it is now."""

    async def change(self, name: str, job: Callable[[World], T]) -> T:
        """What a job answers, whose changes are all kept when this returns; a Problem, or anything raised: none is."""

    async def create(self, name: str | None, source: Source, ttl: float | None) -> Described:
        """A new world; 409 when the name is taken."""

    async def delete(self, name: str) -> None: ...

    async def listed(self) -> list[Described]: ...

    async def described(self, name: str) -> Described: ...

    async def root(self, source: Source) -> Root:
        """The state that a source means."""

    async def requests(self, name: str, wanted: Mapping[str, Json], limit: int) -> Picked:
        """What was asked of a world lately and passes the filters, whichever server answered it."""

    async def attend(self) -> None:
        """What has to be done for as long as a server runs."""

    async def reseed(self, seeds: Root) -> str:
        """Takes other seeds, and says what became of the worlds."""

    def close(self) -> None:
        """Ends the use of what the worlds are kept in."""


class MemoryWorlds:
    """Worlds that live as long as the process, and answer at once."""

    immediate = True

    def __init__(self, seeds: Root, limits: Limits | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.registry = Registry(seeds, limits or Limits(), now)
        self.default = self.registry.default

    @property
    def limits(self) -> Limits:
        return self.registry.limits

    def at_once(self, name: str, method: str) -> World | None:
        return self.default if name == DEFAULT else self.registry.find(name)

    def known(self, name: str) -> World | None:
        return self.registry.known(name)

    async def answer(self, name: str, method: str, job: Callable[[World], T]) -> T:
        return job(self.registry.find(name))

    async def look(self, name: str, job: Callable[[World], T]) -> T:
        return job(self.registry.find(name))

    async def change(self, name: str, job: Callable[[World], T]) -> T:
        world = self.registry.find(name)
        draft = Draft(world)
        answer = job(draft)
        adopt(world, draft)
        for entry in draft.journal:
            world.journal.add(entry)
        return answer

    async def create(self, name: str | None, source: Source, ttl: float | None) -> Described:
        return self._described(self.registry.create(name, source, ttl))

    async def delete(self, name: str) -> None:
        self.registry.delete(name)

    async def listed(self) -> list[Described]:
        return [self._described(entry) for entry in self.registry]

    async def described(self, name: str) -> Described:
        return self._described(self.registry.entry(name))

    async def root(self, source: Source) -> Root:
        return self.registry.root(source)

    async def requests(self, name: str, wanted: Mapping[str, Json], limit: int) -> Picked:
        return picked(self.registry.find(name).journal, wanted, limit)

    async def attend(self) -> None:
        """Nobody else asks."""

    async def reseed(self, seeds: Root) -> str:
        self.registry.reseed(seeds)
        self.default = self.registry.default
        return "everything is at its seeds"

    def close(self) -> None:
        """Nothing is left behind."""

    def _described(self, entry: Entry) -> Described:
        world = entry.world
        return Described(
            entry.name,
            entry.source,
            len(world.root.records),
            len(world.snapshots),
            len(world.journal),
            self._now() - entry.used,
            entry.ttl,
        )
