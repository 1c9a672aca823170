"""A world as it would be if its store agreed: what was done to it, step by step, for the store to take or refuse."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

from mockserver.world.journal import Budget, Journal
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction, Write
from mockserver.world.world import World

T = TypeVar("T")


class Step(NamedTuple):
    """A root and how it came about: by these writes on top of `base`."""

    base: Root
    writes: tuple[Write, ...]
    root: Root


class Draft(World):
    """Starts from a world as it is and leaves that untouched until the world adopts it."""

    def __init__(self, world: World) -> None:
        self._fresh_journal = partial(Journal, size=world.journal.size, budget=Budget())
        super().__init__(world.initial, journal=self._fresh_journal(), most_records=world.most_records)
        self.root = self._base = world.root
        self.memory = world.memory
        # As long as both are in one state, so is what they remember.
        self.memo = world.memo
        self.snapshots = dict(world.snapshots)
        self.forgets_requests = False
        self._writes: list[Write] = []
        self._steps: list[Step] = []

    def commit(self, transaction: Transaction) -> None:
        before = self.root
        super().commit(transaction)
        if self.root is not before:
            self._writes += transaction.log

    def become(self, root: Root) -> None:
        self._seal()
        super().become(root)
        self._base = root

    def snapshot(self, name: str) -> None:
        self._seal()
        super().snapshot(name)

    def forget_requests(self) -> None:
        # Those that were written down before can still be gone back to.
        self.journal = self._fresh_journal()
        self.forgets_requests = True

    def attempt(self, job: Callable[[World], T]) -> T:
        """What a job answers; when it raises, this is as it was before."""
        before = self.root, self._base, self.memory, self.memo, self.snapshots, self.forgets_requests
        journal, seen = self.journal, self.journal.written
        writes, written, taken = self._writes, len(self._writes), len(self._steps)
        self.snapshots = dict(self.snapshots)
        try:
            return job(self)
        except BaseException:
            self.root, self._base, self.memory, self.memo, self.snapshots, self.forgets_requests = before
            self.journal = journal
            journal.back_to(seen)
            self._writes = writes
            del writes[written:], self._steps[taken:]
            raise

    def _seal(self) -> None:
        """Ends a step, so that its root is one that can be gone back to."""
        if self._writes:
            self._steps.append(Step(self._base, tuple(self._writes), self.root))
            self._base, self._writes = self.root, []

    def steps(self) -> list[Step]:
        """All that was done, in order; the last one ends in the present root."""
        self._seal()
        return self._steps


def adopt(world: World, draft: Draft) -> None:
    """Makes a world what its draft is; the requests that were written down there are not in its journal yet."""
    world.root = draft.root
    world.memory = draft.memory
    world.memo = draft.memo
    world.snapshots = draft.snapshots
    if draft.forgets_requests:
        world.journal.clear()
