"""Worlds that a store keeps: read as this process knows them once they are known to be new, changed by its leave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from mockserver.exchange import Problem
from mockserver.http.changing import Changing, busy
from mockserver.http.committer import Committer
from mockserver.http.founding import Founding, gone
from mockserver.http.hearing import Hearing
from mockserver.http.held import Held, describe, is_over
from mockserver.http.patience import in_time
from mockserver.http.picking import Picked, picked
from mockserver.http.shelf import Shelf
from mockserver.http.tending import Tending
from mockserver.http.worlds import SAFE, Described
from mockserver.stores.roots import Known
from mockserver.stores.store import CannotOpen, Change, Store, Stored
from mockserver.world.registry import (
    DEFAULT,
    Limits,
    Source,
    check_name,
    kept_default,
    made_room,
    no_room,
    no_snapshot,
    taken,
    unused,
)
from mockserver.world.root import Root
from mockserver.world.world import World

Json = Any
T = TypeVar("T")
MOST_ATTEMPTS = 30


class StoredWorlds:
    """Implements Worlds over a store that other processes may use at the same time."""

    immediate = False

    def __init__(
        self,
        store: Store,
        seeds: Root,
        resources: Collection[str],
        limits: Limits | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """CannotOpen when the default world cannot be had."""
        self.limits = limits or Limits()
        self._store = store
        self._now = now
        self._committer = Committer(store)
        self._tending = Tending(store, now)
        self._shelf = Shelf(store, resources, self.limits)
        self._hearing = Hearing(store, self._shelf.channel, self._picked)
        self._changing = Changing(store, self._shelf, self._committer, self._tending, now)
        try:
            self._found_on(Founding(store, seeds))
            self._open_default()
        except BaseException as error:
            self.close()
            if isinstance(error, Problem):
                raise CannotOpen(error.message) from error
            raise

    @property
    def default(self) -> World:
        return self._shelf.held[DEFAULT].world

    def at_once(self, name: str, method: str) -> World | None:
        held = self._shelf.get(name)
        if held is None or method not in SAFE or not self._store.instant or held.world.root.faults.planned:
            return None
        now = self._now()
        standing = self._store.standings((name,)).get(name)
        if standing is None or not held.row.is_at(standing) or held.is_over(now):
            return None
        self._use(held, now)
        return held.world

    def known(self, name: str) -> World | None:
        held = self._shelf.get(name)
        return None if held is None else held.world

    async def answer(self, name: str, method: str, job: Callable[[World], T]) -> T:
        if method not in SAFE:
            return await self.change(name, job)
        held = await self._alive(name)
        if held.world.root.faults.planned:
            # A fault that strikes is counted, and so this request changes something.
            return await self._changing.change(held, job)
        return job(held.world)

    async def look(self, name: str, job: Callable[[World], T]) -> T:
        return job((await self._alive(name)).world)

    async def change(self, name: str, job: Callable[[World], T]) -> T:
        held = self._shelf.get(name)
        if held is None or held.is_over(self._now()):
            held = await self._alive(name)
        return await self._changing.change(held, job)

    async def create(self, name: str | None, source: Source, ttl: float | None) -> Described:
        for _ in range(MOST_ATTEMPTS):
            parent = None if source.world is None else await self._origin(source)
            rows = await self._rows()
            chosen = await self._free_name(rows) if name is None else name
            check_name(chosen, "world")
            if any(row.name == chosen for row in rows):
                raise taken(chosen)
            change, line = self._founding.found(chosen, parent, str(source), ttl, self._now())
            if (await self._committer.keep(*self._evictions(rows), change))[-1]:
                assert change.after is not None
                return describe(change.after, self._shelf.put(change.after, line), self._now())
            await asyncio.to_thread(self._founding.keep_seeds)
        raise busy(name or "a new world")

    async def _free_name(self, rows: list[Stored]) -> str:
        there = {row.name for row in rows}
        while (name := f"world-{await asyncio.to_thread(self._store.next_number)}") in there:
            pass
        return name

    async def delete(self, name: str) -> None:
        held = await self._alive(name)
        if name == DEFAULT:
            raise kept_default()
        await self._changing.take_away(held)

    async def listed(self) -> list[Described]:
        now = self._now()
        return [describe(row, self._shelf.get(row.name), now) for row in await self._rows()]

    async def described(self, name: str) -> Described:
        held = await self._there(name)
        return describe(held.row, held, self._now())

    async def root(self, source: Source) -> Root:
        if source.world is None:
            return self._founding.seeds
        held = await self._alive(source.world)
        if source.snapshot is None:
            return held.world.root
        kept = held.world.snapshots.get(source.snapshot)
        if kept is None:
            raise no_snapshot(source.snapshot, held.world)
        return kept.root

    async def requests(self, name: str, wanted: Mapping[str, Json], limit: int) -> Picked:
        return await self._hearing.ask(name, wanted, limit)

    async def attend(self) -> None:
        await self._hearing.attend()

    async def _picked(self, name: str, wanted: Mapping[str, Json], limit: int) -> Picked:
        """What this server answered in a world since its journal was cleared, by whomever."""
        return picked((await self._there(name)).world.journal, wanted, limit)

    async def reseed(self, seeds: Root) -> str:
        self._found_on(await asyncio.to_thread(Founding, self._store, seeds))
        return "new worlds start from the new seeds, and those that are there stay as they are"

    def close(self) -> None:
        self._hearing.close()
        self._committer.close()
        self._changing.close()
        self._shelf.close()
        self._store.close()

    def _found_on(self, founding: Founding) -> None:
        self._founding = founding
        self._shelf.roots.seeds = founding.line

    def _open_default(self) -> None:
        read = self._shelf.read(DEFAULT, {})
        while read is None:
            change, _ = self._founding.found(DEFAULT, None, str(Source()), None, self._now())
            self._store.apply([change])
            read = self._shelf.read(DEFAULT, {})
        self._shelf.put(*read)

    def _use(self, held: Held, now: float) -> None:
        held.used = now
        self._tending.use(held)

    async def _alive(self, name: str) -> Held:
        """A world as it is now, which is now in use; a 404 or 410 Problem when there is none, or its time is over."""
        held = await self._there(name)
        self._use(held, self._now())
        return held

    async def _there(self, name: str) -> Held:
        """The same without a use of it."""
        held = await self._shelf.current(name)
        if held.is_over(self._now()):
            await self._rows()
            held = await self._shelf.load(name)
        return held

    async def _rows(self) -> list[Stored]:
        """All worlds but those whose time is over; these are cleared away."""
        rows = await in_time(asyncio.to_thread(self._store.rows))
        over = [row for row in rows if is_over(row, self._last_use(row), self._now())]
        if over:
            await self._committer.keep(*(gone(row, unused(row.ttl or 0)) for row in over))
        return [row for row in rows if row not in over]

    def _last_use(self, row: Stored) -> float:
        """By anybody, as far as this is known here."""
        held = self._shelf.get(row.name)
        if held is None:
            return row.used
        held.used = max(held.used, row.used)
        return held.used

    def _evictions(self, rows: list[Stored]) -> list[Change]:
        """What makes room for one more world."""
        if len(rows) < self.limits.worlds:
            return []
        others = [row for row in rows if row.name != DEFAULT]
        if not others:
            raise no_room()
        oldest = min(others, key=self._last_use)
        return [gone(oldest, made_room(self.limits))]

    async def _origin(self, source: Source) -> tuple[str, Known]:
        """The commit that a source means."""
        held = await self._alive(source.world or DEFAULT)
        if source.snapshot is None:
            return held.row.head, held.line[held.row.head]
        if source.snapshot not in held.row.snapshots:
            raise no_snapshot(source.snapshot, held.world)
        commit = held.row.snapshots[source.snapshot].commit
        return commit, held.line[commit]
