"""The one mutable name that an immutable root stands under: begin, commit, reset, snapshot."""

from __future__ import annotations

from typing import NamedTuple

from mockserver.exchange import Problem, Reply
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault, Faults
from mockserver.world.journal import Journal
from mockserver.world.memo import Memo
from mockserver.world.outbox import Outbox
from mockserver.world.recall import Memory
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction

MOST_RECORDS = 1_000_000
MOST_SNAPSHOTS = 100


class Kept(NamedTuple):
    """A state kept under a name."""

    root: Root
    records: int


class World:
    """A catalogue that changes; `initial` is what a reset goes back to."""

    def __init__(self, initial: Root, *, journal: Journal | None = None, most_records: int = MOST_RECORDS) -> None:
        self.initial = initial
        self.root = initial
        self.most_records = most_records
        self.snapshots: dict[str, Kept] = {}
        self.journal = Journal() if journal is None else journal
        self.memo = Memo()
        self.memory = Memory()

    def begin(self) -> Transaction:
        return Transaction(self.root, self.memory)

    def commit(self, transaction: Transaction) -> None:
        """Takes what was written; when nothing was, everything stays remembered. Too many records: a 507 Problem."""
        if not transaction.log:
            return
        self._make_sure_of_room(transaction.size)
        self.root = transaction.commit()
        self.forget()

    def _make_sure_of_room(self, records: int) -> None:
        """So many records may be there, unless they are more than before: a 507 Problem."""
        if records > self.most_records and records > len(self.root.records):
            reason = f"a world holds {self.most_records:,} records at most, as --max-records says"
            raise Problem(507, f"{reason}; delete some for good, or reset the world")

    def become(self, root: Root) -> None:
        """Takes another root; what is remembered of the old one is dropped."""
        self.root = root
        self.memory = Memory()
        self.forget()

    def move_on(self, root: Root) -> None:
        """Takes a root that others made of this one; what was worked out holds where it still reads the same."""
        self.root = root
        self.forget()

    def remember(self, key: object, name: str, reply: Reply) -> None:
        """Keeps an answer, and who is given it, that depends on nothing but its key and the present root."""
        self.memo.keep(key, name, reply)

    def forget(self) -> None:
        """Remembers no answer any more; a draft in the state as it was may still."""
        self.memo = Memo()

    def reset(self) -> None:
        """Back to the seeds: records, clock, ids, faults, journal and snapshots as after the start."""
        self.become(self.initial)
        self.snapshots.clear()
        self.forget_requests()

    def forget_requests(self) -> None:
        self.journal.clear()

    def set_clock(self, clock: Clock) -> None:
        transaction = self.begin()
        transaction.set_clock(clock)
        self.commit(transaction)

    @property
    def faults(self) -> Faults:
        return self.root.faults

    def set_faults(self, faults: Faults) -> None:
        if faults is self.root.faults:
            return
        transaction = self.begin()
        transaction.set_faults(faults)
        self.commit(transaction)

    def add_fault(self, fault: Fault) -> Fault:
        """Sets a fault; it comes back under the id that it was given."""
        added, faults = self.faults.add(fault)
        self.set_faults(faults)
        return added

    def remove_fault(self, id: int) -> bool:
        """Takes a fault back; false when there is none of that id."""
        found = self.faults.find(id)
        self.set_faults(self.faults.without(id))
        return found is not None

    def strike(self, operation: str) -> Fault | None:
        """The fault that hits a request to this operation, if one does; it is counted."""
        fault, faults = self.root.faults.strike(operation, self.root.seed)
        self.set_faults(faults)
        return fault

    def snapshot(self, name: str) -> None:
        """Keeps the present state under a name; an older snapshot of that name is replaced."""
        self.snapshots[name] = Kept(self.root, len(self.root.records))

    def restore(self, name: str) -> bool:
        """Back to a snapshot, faults as they are; false when there is none of that name."""
        kept = self.snapshots.get(name)
        if kept is None:
            return False
        self.go_to(kept.root)
        return True

    def take_in(self, root: Root) -> None:
        """Goes to a root that came from elsewhere; a 507 Problem when it holds too many records."""
        self._make_sure_of_room(len(root.records))
        self.go_to(root)

    def go_to(self, root: Root) -> None:
        """Takes records, histories, events, ids and clock of another root; faults and deliveries stay as they are.

        What was not sent yet is not sent any more: it told of what is not so now.
        """
        faults, outbox = self.faults, self.root.outbox.closed("the world went to another state before it was sent")
        self.become(root)
        self.set_faults(faults)
        self.set_outbox(outbox)

    def set_outbox(self, outbox: Outbox) -> None:
        if outbox == self.root.outbox:
            return
        transaction = self.begin()
        transaction.set_outbox(outbox)
        self.commit(transaction)
