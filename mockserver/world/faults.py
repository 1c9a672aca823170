"""Faults on request: delays, wrong statuses and dropped connections, by operation, count and probability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random


@dataclass(slots=True)
class Fault:
    """What goes wrong: `operation` is an operation id or a glob; `remaining` counts down, None never ends."""

    id: int
    operation: str = "*"
    status: int | None = None
    message: str | None = None
    latency: float = 0.0
    drop: bool = False
    probability: float = 1.0
    remaining: int | None = None


class Faults:
    """The faults of one world, tried in the order they were set; all chance comes from one seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.clear()

    def clear(self) -> None:
        self._faults: list[Fault] = []
        self._next = 1
        self._random = Random(self._seed)

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, fault: Fault) -> Fault:
        """Sets a fault; its id is given here."""
        fault.id = self._next
        self._next += 1
        self._faults.append(fault)
        return fault

    def remove(self, id: int) -> bool:
        """Takes a fault back; false when there is none of that id."""
        kept = [fault for fault in self._faults if fault.id != id]
        found = len(kept) < len(self._faults)
        self._faults = kept
        return found

    def strike(self, operation: str) -> Fault | None:
        """The fault that hits this request, if one does; it is counted."""
        for fault in self._faults:
            if fault.remaining == 0 or not fnmatchcase(operation, fault.operation):
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            if fault.remaining is not None:
                fault.remaining -= 1
            return fault
        return None
