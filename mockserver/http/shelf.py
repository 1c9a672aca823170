"""The stored worlds that this process holds: read when they are first wanted, and again when others changed them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mockserver.exchange import Problem
from mockserver.http.channel import Channel
from mockserver.http.held import Held, commits_of
from mockserver.http.patience import in_time
from mockserver.http.standings import Standings
from mockserver.stores import trips
from mockserver.stores.roots import Line, Roots
from mockserver.stores.store import CourierLost, News, Store, Stored, Vanished
from mockserver.world.journal import Budget, Journal
from mockserver.world.registry import NAME, Limits, missing
from mockserver.world.root import Root
from mockserver.world.world import World

T = TypeVar("T")
MOST_ATTEMPTS = 10
READERS = 4


class Shelf:
    """Held worlds by name."""

    def __init__(self, store: Store, resources: Collection[str], limits: Limits) -> None:
        self._store = store
        self._resources = frozenset(resources)
        self._limits = limits
        self._budget = Budget()
        self._loading: dict[str, asyncio.Task[Held]] = {}
        # Whose turn it is to change a world reads it first, which must not wait for threads that wait for that turn.
        self._readers = ThreadPoolExecutor(READERS, "reading")
        self.channel = Channel(store)
        self.standings = Standings(store, self.channel)
        self.roots = Roots(store)
        self.held: dict[str, Held] = {}

    def get(self, name: str) -> Held | None:
        return self.held.get(name)

    async def current(self, name: str) -> Held:
        """A world as it is in the store now; a 404 or 410 Problem when there is none."""
        held = self.held.get(name)
        if held is None:
            if not NAME.fullmatch(name):
                # A database may not even take what names no world.
                raise missing(name, None, self.held)
            return await self.load(name)
        standing = await self.standings.of(name)
        if standing is not None and not held.row.is_at(standing) and held.flight is not None:
            # What is under way here may be all that is new.
            await asyncio.wait([held.flight])
        if standing is None or not held.row.is_at(standing):
            return await self.load(name)
        return held

    async def load(self, name: str) -> Held:
        """Reads a world, once for all who want it; a 404 or 410 Problem when there is none."""
        task = self._loading.get(name)
        if task is not None:
            # It was begun before this was asked, and may have read before a change that this has to see.
            await asyncio.wait([task])
        task = self._loading.get(name)
        if task is None:
            task = self._loading[name] = asyncio.get_running_loop().create_task(self._load(name))
        return await asyncio.shield(task)

    async def _load(self, name: str) -> Held:
        try:
            held = self.held.get(name)
            caught_up = None if held is None else await in_time(self._catch_up(held))
            if caught_up is not None:
                return caught_up
            read = await in_time(self._read(self.read, name, {} if held is None else held.line))
            if read is None:
                self.drop(name)
                raise await self._read(self._missing, name)
            return self.put(*read)
        finally:
            del self._loading[name]

    async def _catch_up(self, held: Held) -> Held | None:
        """A world with what others changed in it, where a courier can tell; None where it has to be read."""
        if self._store.instant:
            return None
        try:
            news = await self.channel.run(trips.news(held.row.name, held.line))
        except CourierLost:
            return None
        return None if news is None else await self.hear(held, news)

    async def hear(self, held: Held, news: News) -> Held | None:
        """A world with what is new in it; None when more of it has to be read."""
        row, commits = news
        wanted = tuple(commits_of(row))
        try:
            if any(commit.parent is None for commit in commits):
                # A whole state is long, and others should not wait for it.
                line = await self._read(self.roots.learn, commits, wanted, held.line)
            else:
                line = self.roots.learn(commits, wanted, held.line)
        except Vanished:
            return None
        return self.put(row, line)

    def read(self, name: str, line: Line) -> tuple[Stored, Line] | None:
        """A world's row and its roots, those in `line` being known."""
        for _ in range(MOST_ATTEMPTS):
            rows = self._store.rows((name,))
            if not rows:
                return None
            try:
                return rows[0], self.roots.load(tuple(commits_of(rows[0])), line)
            except Vanished:
                continue
        raise Problem(
            503, f"the world {name!r} changes too quickly to be read; ask again", headers=(("Retry-After", "1"),)
        )

    def put(self, row: Stored, line: Line) -> Held:
        """Holds a world as it was read or made; a 409 Problem when it is one of another contract."""
        held = self.held.get(row.name)
        root = line[row.head].root
        if held is None or root.listing is not held.world.root.listing:
            self._check(row, root)
        if held is not None and held.row.initial == row.initial:
            held.take(row, line)
            return held
        self.drop(row.name)
        journal = Journal(self._limits.journal, self._budget)
        world = World(line[row.initial].root, journal=journal, most_records=self._limits.records)
        held = self.held[row.name] = Held(row, line, world)
        return held

    def drop(self, name: str) -> None:
        """Lets go of a world that is not there any more."""
        held = self.held.pop(name, None)
        if held is not None:
            held.world.forget_requests()

    def close(self) -> None:
        self.channel.close()
        self._readers.shutdown()

    def _read(self, work: Callable[..., T], *given: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._readers, work, *given)

    def _check(self, row: Stored, root: Root) -> None:
        strangers = {*root.listing.living, *root.listing.deleted} - self._resources
        if strangers:
            reason = f"the world {row.name!r} holds {', '.join(sorted(strangers))}, which the contract does not have"
            raise Problem(409, f"{reason}; serve it with the contract it was made with, or delete it")

    def _missing(self, name: str) -> Problem:
        return missing(name, self._store.gone(name), [row.name for row in self._store.rows()])
