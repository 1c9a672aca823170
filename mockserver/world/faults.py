"""Faults on request: delays, wrong statuses and dropped connections, by operation, count and probability."""

from __future__ import annotations

from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import NamedTuple

LONGEST_LATENCY = 3600
MOST_HITS = 1_000_000


class Fault(NamedTuple):
    """What goes wrong: `operation` is an operation id or a glob; `remaining` counts down, None never ends."""

    id: int
    operation: str = "*"
    status: int | None = None
    message: str | None = None
    latency: float = 0.0
    drop: bool = False
    probability: float = 1.0
    remaining: int | None = None


class Faults(NamedTuple):
    """The faults of one world, tried in the order they were set; all chance comes from the world's seed."""

    planned: tuple[Fault, ...] = ()
    next_id: int = 1
    drawn: int = 0

    def add(self, fault: Fault) -> tuple[Fault, Faults]:
        """The fault under the id that is given here, and the faults with it."""
        added = fault._replace(id=self.next_id)
        return added, self._replace(planned=(*self.planned, added), next_id=self.next_id + 1)

    def find(self, id: int) -> Fault | None:
        return next((fault for fault in self.planned if fault.id == id), None)

    def without(self, id: int) -> Faults:
        return self._replace(planned=tuple(fault for fault in self.planned if fault.id != id))

    def strike(self, operation: str, seed: int) -> tuple[Fault | None, Faults]:
        """The fault that hits this request, if one does, and the faults after it was counted."""
        faults = self
        for fault in self.planned:
            if fault.remaining == 0 or not fnmatchcase(operation, fault.operation):
                continue
            if fault.probability < 1:
                chance = _chance(seed, faults.drawn)
                faults = faults._replace(drawn=faults.drawn + 1)
                if chance >= fault.probability:
                    continue
            return fault, faults if fault.remaining is None else faults.counted(fault)
        return None, faults

    def counted(self, hit: Fault) -> Faults:
        """The faults after one with a count has hit once more."""
        struck = hit._replace(remaining=(hit.remaining or 0) - 1)
        return self._replace(planned=tuple(struck if each is hit else each for each in self.planned))


def _chance(seed: int, drawn: int) -> float:
    """A number from 0 up to 1 that depends only on the seed and on how many were drawn before."""
    digest = blake2b(b"fault %d:%d" % (seed, drawn), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56
