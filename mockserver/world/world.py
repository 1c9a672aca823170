"""The one mutable name that an immutable root stands under: begin, commit, reset, snapshot."""

from __future__ import annotations

from mockserver.exchange import Reply
from mockserver.world.clock import Clock
from mockserver.world.faults import Faults
from mockserver.world.journal import Journal
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction, Views

MEMO_LIMIT = 1024


class World:
    """A catalogue that changes; `initial` is what a reset goes back to."""

    def __init__(self, initial: Root, *, journal_size: int = 1000) -> None:
        self.initial = initial
        self.root = initial
        self.snapshots: dict[str, Root] = {}
        self.journal = Journal(journal_size)
        self.faults = Faults(initial.seed)
        self.memo: dict[object, Reply] = {}
        self.views: Views = {}

    def begin(self) -> Transaction:
        return Transaction(self.root, self.views)

    def commit(self, transaction: Transaction) -> None:
        """Takes what was written; when nothing was, everything stays remembered."""
        if not transaction.changed:
            return
        self.become(transaction.commit())
        self.views = transaction.views

    def become(self, root: Root) -> None:
        """Takes another root; answers remembered for the old one are dropped."""
        self.root = root
        self.views = {}
        self.memo.clear()

    def remember(self, key: object, reply: Reply) -> None:
        """Keeps an answer that depends on nothing but its key and the present root."""
        if len(self.memo) >= MEMO_LIMIT:
            self.memo.clear()
        self.memo[key] = reply

    def reset(self) -> None:
        """Back to the seeds: records, clock, ids, faults, journal and snapshots as after the start."""
        self.become(self.initial)
        self.snapshots.clear()
        self.faults.clear()
        self.journal.clear()

    def set_clock(self, clock: Clock) -> None:
        self.become(self.root.with_clock(clock))

    def snapshot(self, name: str) -> None:
        """Keeps the present state under a name; an older snapshot of that name is replaced."""
        self.snapshots[name] = self.root

    def restore(self, name: str) -> bool:
        """Back to a snapshot; false when there is none of that name."""
        if name not in self.snapshots:
            return False
        self.become(self.snapshots[name])
        return True
