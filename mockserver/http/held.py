"""A stored world as this process holds it: the row that was seen last, and the world that stands for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from mockserver.exchange import Problem
from mockserver.http.worlds import Described
from mockserver.stores.roots import Line, stage
from mockserver.stores.store import Change, Ref, Stored
from mockserver.world.draft import Draft, adopt
from mockserver.world.world import Kept, World

Job = Callable[[World], Any]
Waiting = tuple[Job, "asyncio.Future[Any]"]


class Held:
    """`waiting` are the jobs that will change it, `flight` ends when the change that is under way does.

    `contested`: others changed it while it was changed here.
    """

    def __init__(self, row: Stored, line: Line, world: World) -> None:
        self.row = row
        self.world = world
        self.used = self.noted = row.used
        self.waiting: list[Waiting] = []
        self.task: asyncio.Task[None] | None = None
        self.flight: asyncio.Future[None] | None = None
        self.contested = False
        self.line: Line = {}
        self._stand(row, line)

    def hand_over(self, jobs: list[Waiting]) -> None:
        """Adds the jobs that wait to those that are done now."""
        jobs += self.waiting
        self.waiting = []

    def take(self, row: Stored, line: Line) -> None:
        """Becomes what the store has now, where that is newer."""
        if row.version <= self.row.version:
            return
        if row.epoch != self.row.epoch:
            self.world.forget_requests()
        self._stand(row, line)

    def _stand(self, row: Stored, line: Line) -> None:
        world, root = self.world, line[row.head].root
        if world.root is not root:
            world.move_on(root)
        world.initial = line[row.initial].root
        world.snapshots = {name: Kept(line[ref.commit].root, ref.records) for name, ref in row.snapshots.items()}
        self._keep(row, line)

    def _keep(self, row: Stored, line: Line) -> None:
        self.row = row
        self.line = {id: line[id] for id in commits_of(row)}

    def is_over(self, now: float) -> bool:
        return is_over(self.row, max(self.used, self.row.used), now)

    def change(self, draft: Draft, now: float, new_id: Callable[[], str]) -> tuple[Change | None, Line]:
        """What has to be kept for a draft to become true, if anything, and the roots that are there then."""
        before, world = self.row, self.world
        if draft.root is world.root and draft.snapshots == world.snapshots and not draft.forgets_requests:
            return None, self.line
        staged = stage(draft, self.line, new_id)
        kept = {}
        for name, each in draft.snapshots.items():
            same = world.snapshots.get(name) is each
            kept[name] = before.snapshots[name] if same else Ref(staged.names[id(each.root)], each.records)
        after = before._replace(
            version=before.version + 1,
            head=staged.head,
            records=len(draft.root.records),
            used=now,
            epoch=before.epoch + draft.forgets_requests,
            snapshots=kept,
        )
        return Change(staged.head, before, after, staged.commits), {**self.line, **staged.known}

    def adopt(self, draft: Draft, row: Stored, line: Line) -> None:
        """Becomes what a draft is, now that the store has it and unless that is history already."""
        if row.version > self.row.version:
            adopt(self.world, draft)
            self._keep(row, line)
        for entry in draft.journal:
            self.world.journal.add(entry)

    def described(self, now: float) -> Described:
        return describe(self.row, self, now)


def describe(row: Stored, held: Held | None, now: float) -> Described:
    """What is known of a world; its requests are those that this process answered."""
    used = row.used if held is None else max(row.used, held.used)
    requests = 0 if held is None else len(held.world.journal)
    return Described(row.name, row.source, row.records, len(row.snapshots), requests, max(0.0, now - used), row.ttl)


def is_over(row: Stored, used: float, now: float) -> bool:
    """Whether nobody used a world for as long as its ttl says."""
    return row.ttl is not None and now - used > row.ttl


def commits_of(row: Stored) -> Iterator[str]:
    """The commits that a world needs."""
    return iter(dict.fromkeys((row.head, row.initial, *(ref.commit for ref in row.snapshots.values()))))


def run(jobs: list[Waiting], draft: Draft) -> list[tuple[bool, Any]]:
    """For each job whether it came to its end, and what it answered or raised."""
    outcomes: list[tuple[bool, Any]] = []
    for job, _ in jobs:
        try:
            outcomes.append((True, draft.attempt(job)))
        except Problem as problem:
            outcomes.append((False, problem))
        except Exception as error:
            outcomes.append((False, error))
    return outcomes


def resolve(jobs: list[Waiting], outcomes: list[tuple[bool, Any]]) -> None:
    """Tells those who wait; who went away is not told."""
    for (_, future), (ended, outcome) in zip(jobs, outcomes, strict=True):
        if future.done():
            continue
        if ended:
            future.set_result(outcome)
        else:
            future.set_exception(outcome)
