"""How a stored world begins: on the commit of the seeds, or on one of another world."""

from __future__ import annotations

import os
from hashlib import blake2b

from mockserver.stores.bodies import step, whole
from mockserver.stores.roots import Ground, Known, Line
from mockserver.stores.store import Change, Commit, Store, Stored
from mockserver.world.clock import Clock
from mockserver.world.faults import Faults
from mockserver.world.outbox import Outbox
from mockserver.world.root import Root
from mockserver.world.transaction import Write


class Founding:
    """Holds the seeds, whose commit is named by what is in it, so that all processes mean the same one."""

    def __init__(self, store: Store, seeds: Root) -> None:
        self.seeds = seeds
        self._store = store
        # Each start has its own clock.
        timeless = seeds.with_clock(Clock())
        body = whole(timeless)
        self._commit = Commit(f"seeds-{blake2b(body, digest_size=16).hexdigest()}", None, body)
        self.line: Line = {self._commit.id: Known(timeless, Ground(len(body)))}
        self.keep_seeds()

    def keep_seeds(self) -> None:
        """Sees to it that the seeds are there to begin on."""
        self._store.keep(self._commit)

    def found(
        self, name: str, origin: tuple[str, Known] | None, source: str, ttl: float | None, now: float
    ) -> tuple[Change, Line]:
        """The change that makes a world of a commit, or of the seeds, and the roots that it then needs."""
        id, known = next(iter(self.line.items())) if origin is None else origin
        start = known.root._replace(faults=Faults(), outbox=Outbox()) if origin is not None else self.seeds
        first = step(new_id(), id, known.root, _between(known.root, start))
        row = Stored(name, 1, first.id, first.id, len(start.records), source, ttl, now)
        return Change(first.id, None, row, (first,)), {first.id: known.after(start, len(first.body))}


def gone(row: Stored, reason: str) -> Change:
    """The change that takes a world away."""
    return Change(new_id(), row, None, reason=reason)


def new_id() -> str:
    """An id that nothing else has."""
    return os.urandom(16).hex()


def _between(before: Root, after: Root) -> list[Write]:
    """What leads from one root to one that differs in clock, faults and outbox at most."""
    writes: list[Write] = []
    if before.clock != after.clock:
        writes.append(("set_clock", after.clock))
    if before.faults != after.faults:
        writes.append(("set_faults", after.faults))
    if before.outbox != after.outbox:
        writes.append(("set_outbox", after.outbox))
    return writes
