"""The worlds of one server by name: created, found, deleted, and sent away when there are too many or nobody comes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem
from mockserver.world.faults import Faults
from mockserver.world.journal import DEFAULT_SIZE, Budget, Journal
from mockserver.world.outbox import Outbox
from mockserver.world.root import Root
from mockserver.world.world import MOST_RECORDS, World

DEFAULT = "default"
NAME = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,64}")
MOST_WORLDS = 1000
MOST_GONE = 10_000
DELETED = "was deleted"

Now = Callable[[], float]


class Limits(NamedTuple):
    """How much one server holds."""

    worlds: int = MOST_WORLDS
    records: int = MOST_RECORDS
    journal: int = DEFAULT_SIZE


class Source(NamedTuple):
    """What a world starts from: the fixtures, another world as it is now, or a snapshot of one."""

    world: str | None = None
    snapshot: str | None = None

    def __str__(self) -> str:
        if self.snapshot is not None:
            return f"snapshot {self.snapshot} of {self.world}"
        return "fixtures" if self.world is None else f"world {self.world}"


@dataclass(slots=True)
class Entry:
    """A world and what is known of it; times in seconds by the registry's clock, `ttl` counts from the last use."""

    name: str
    world: World
    source: str
    used: float
    ttl: float | None = None

    def is_over(self, now: float) -> bool:
        return self.ttl is not None and now - self.used > self.ttl


class Registry:
    """The worlds of a server that keeps them in memory. The default one is always there."""

    def __init__(self, seeds: Root, limits: Limits, now: Now) -> None:
        self.seeds = seeds
        self.limits = limits
        self._now = now
        self._budget = Budget()
        self._numbers = count(1)
        self._gone: OrderedDict[str, str] = OrderedDict()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._mortal: set[str] = set()
        self._default = self._add(DEFAULT, seeds, str(Source()), None)

    @property
    def default(self) -> World:
        return self._default.world

    def find(self, name: str) -> World:
        """The world of that name, which is now in use; a 404 or 410 Problem when there is none."""
        entry = self.entry(name)
        entry.used = self._now()
        # To the end of the line, so that who was not used for the longest time stands first.
        self._entries.move_to_end(name)
        return entry.world

    def known(self, name: str) -> World | None:
        """The world of that name, if there is one; this is no use of it."""
        entry = self._entries.get(name)
        return None if entry is None else entry.world

    def entry(self, name: str) -> Entry:
        """What is known of the world of that name, which is no use of it; a 404 or 410 Problem when there is none."""
        entry = self._entries.get(name)
        now = self._now()
        if entry is None or entry.is_over(now):
            self._clear_away(now)
            raise missing(name, self._gone.get(name), self._entries)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        self._clear_away(self._now())
        return iter(tuple(self._entries.values()))

    def create(self, name: str | None, source: Source, ttl: float | None = None) -> Entry:
        """A new world; it shares all with its source until one of them is written to. Problem: 400, 404, 409, 410."""
        root = self.root(source)
        now = self._now()
        self._clear_away(now)
        chosen = next(self._free_names()) if name is None else name
        check_name(chosen, "world")
        if chosen in self._entries:
            raise taken(chosen)
        if len(self._entries) >= self.limits.worlds:
            self._evict()
        self._gone.pop(chosen, None)
        return self._add(chosen, root._replace(faults=Faults(), outbox=Outbox()), str(source), ttl)

    def root(self, source: Source) -> Root:
        """The state that a source means; a 404 or 410 Problem when it is not there."""
        if source.world is None:
            return self.seeds
        world = self.find(source.world)
        if source.snapshot is None:
            return world.root
        kept = world.snapshots.get(source.snapshot)
        if kept is None:
            raise no_snapshot(source.snapshot, world)
        return kept.root

    def delete(self, name: str, reason: str = DELETED) -> None:
        """Forgets a world for a reason that is told later; the default one stays."""
        self.entry(name)
        if name == DEFAULT:
            raise kept_default()
        self._remove(name, reason)

    def reseed(self, seeds: Root) -> None:
        """Starts all worlds over from other seeds, under the names they have."""
        self.seeds = seeds
        for entry in self._entries.values():
            entry.world.forget_requests()
            entry.world = self._world(seeds)
            entry.source = str(Source())

    def _free_names(self) -> Iterator[str]:
        return (name for number in self._numbers if (name := f"world-{number}") not in self._entries)

    def _world(self, root: Root) -> World:
        journal = Journal(self.limits.journal, self._budget)
        return World(root, journal=journal, most_records=self.limits.records)

    def _add(self, name: str, root: Root, source: str, ttl: float | None) -> Entry:
        now = self._now()
        entry = self._entries[name] = Entry(name, self._world(root), source, now, ttl)
        if ttl is not None:
            self._mortal.add(name)
        return entry

    def _clear_away(self, now: float) -> None:
        for name in [name for name in self._mortal if self._entries[name].is_over(now)]:
            self._remove(name, unused(self._entries[name].ttl or 0))

    def _evict(self) -> None:
        """Makes room for one more: the world goes that was not used for the longest time."""
        oldest = next((name for name in self._entries if name != DEFAULT), None)
        if oldest is None:
            raise no_room()
        self._remove(oldest, made_room(self.limits))

    def _remove(self, name: str, reason: str) -> None:
        self._entries.pop(name).world.forget_requests()
        self._mortal.discard(name)
        if len(self._gone) >= MOST_GONE:
            self._gone.popitem(last=False)
        self._gone[name] = reason


def unused(ttl: float) -> str:
    """Why a world went that nobody used."""
    return f"was not used for {ttl:g} seconds, as its ttl says, and is gone"


def made_room(limits: Limits) -> str:
    """Why a world went when there were too many."""
    return f"made room for newer ones: at most {limits.worlds} are kept, as --max-worlds says"


def no_room() -> Problem:
    """The 409 where only the default world may be."""
    return Problem(409, "no world can be created beside the default one: --max-worlds says 1")


def taken(name: str) -> Problem:
    """The 409 for a name that a world has already."""
    return Problem(409, f"a world named {shown(name)} is there already; delete it, or choose another name")


def kept_default() -> Problem:
    """The 409 for who would delete the default world."""
    return Problem(409, "the default world cannot be deleted; reset it instead")


def missing(name: str, reason: str | None, known: Collection[str]) -> Problem:
    """The 410 for a world that was here and went for that reason, or the 404 for one that never was."""
    if reason is not None:
        return Problem(410, f"the world {shown(name)} {reason}")
    meant = nearest(name, known)
    hint = f"did you mean '{meant}'?" if meant else "POST /__mock__/worlds creates one"
    return Problem(404, f"no world is named {shown(name)}; {hint}")


def no_snapshot(name: str, world: World) -> Problem:
    """The 404 for a snapshot that a world does not have."""
    meant = nearest(name, world.snapshots)
    hint = f"; did you mean '{meant}'?" if meant else ""
    return Problem(404, f"there is no snapshot {shown(name)}{hint}")


def check_name(name: str, what: str) -> None:
    """A 400 Problem unless this can name a world or a snapshot."""
    if not NAME.fullmatch(name):
        raise Problem(400, f"{shown(name)} cannot name a {what}; use letters, digits, '.', '_' and '-', 64 at most")
