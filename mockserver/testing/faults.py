"""Faults that a test asks for."""

from __future__ import annotations

from typing import Self

from mockserver.testing.backend import Backend
from mockserver.world.faults import LONGEST_LATENCY, MOST_HITS, Fault

STATUSES = range(400, 600)


class PlannedFault:
    """A fault, set until it is used up, taken back or the test ends; `with` takes it back at the end of its block."""

    def __init__(self, backend: Backend, fault: Fault) -> None:
        __tracebackhide__ = True
        _check(fault)
        self._backend = backend
        self._fault = backend.add_fault(fault)

    @property
    def remaining(self) -> int | None:
        """How many more requests it will hit; None when there is no end to it."""
        return self._latest().remaining

    def remove(self) -> None:
        self._fault = self._latest()
        self._backend.remove_fault(self._fault.id)

    def _latest(self) -> Fault:
        """The fault as it was counted until now; as it last was, when it is no longer set."""
        return self._backend.find_fault(self._fault.id) or self._fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<PlannedFault {self._latest()}>"


def _check(fault: Fault) -> None:
    """ValueError says why a fault cannot happen."""
    __tracebackhide__ = True
    if fault.status is None and not fault.latency and not fault.drop:
        raise ValueError("a fault needs an effect: status=, latency= (seconds) or drop=True")
    if fault.drop and fault.status is not None:
        raise ValueError("a dropped connection has no status: set drop= or status=, not both")
    if fault.message is not None and fault.status is None:
        raise ValueError("a message is told with a status: set status= too")
    if fault.status is not None and fault.status not in STATUSES:
        raise ValueError(f"status={fault.status!r} is no status of an error; they go from 400 to 599")
    if not 0 <= fault.latency <= LONGEST_LATENCY:
        raise ValueError(f"latency={fault.latency} is not from 0 to {LONGEST_LATENCY}; it is in seconds")
    if fault.remaining is not None and fault.remaining not in range(1, MOST_HITS + 1):
        hint = "leave it out for a fault without end"
        raise ValueError(f"count={fault.remaining!r} is not a whole number from 1 to {MOST_HITS}; {hint}")
    if not 0 < fault.probability <= 1:
        raise ValueError(f"probability={fault.probability} is not above 0 and at most 1")
