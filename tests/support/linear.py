"""Whether a concurrent history can be put in one order that a sequential model would have given too."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from math import inf
from typing import Any, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)
# What the model is in after an operation, or IMPOSSIBLE when it would not have answered so.
IMPOSSIBLE = object()


class Operation(NamedTuple):
    """What was asked and answered, and when; one that is not `certain` was done between `start` and `end`, or never."""

    asked: Any
    answered: Any
    start: float
    end: float = inf
    certain: bool = True


class Place(NamedTuple):
    """How far a search is: all operations before `first` are done, and of those from there on the ones in `done`."""

    first: int
    done: int
    state: Any


def linearized(history: Iterable[Operation], initial: S, step: Callable[[S, Operation], Any]) -> list[Operation] | None:
    """An order that explains all answers, or None when there is none; what was not done has a place in it, too.

    The search is Wing and Gong's with Lowe's memory: of the operations that began before any open one ended, each is
    tried next, and a set of operations that are done is tried once for each state that the model is in then.
    `step(state, operation)` is the model: the next state or IMPOSSIBLE; what is not certain counts as done.
    """
    operations = sorted(history, key=lambda operation: operation.start)
    seen: set[Place] = set()
    order: list[int] = []
    # Where the search has been: what may still be tried there, and how many answers are to be explained from there on.
    path = [(_next(operations, Place(0, 0, initial), step), sum(each.end < inf for each in operations))]
    while path:
        tries, left = path[-1]
        if left == 0:
            return [operations[at] for at in order]
        found = next((each for each in tries if each[1] not in seen), None)
        if found is None:
            path.pop()
            del order[-1:]
            continue
        at, place = found
        seen.add(place)
        order.append(at)
        path.append((_next(operations, place, step), left - (operations[at].end < inf)))
    return None


def _next(
    operations: Sequence[Operation], place: Place, step: Callable[[Any, Operation], Any]
) -> Iterator[tuple[int, Place]]:
    """Each operation that may come next here, and the place behind it."""
    undone = _undone(operations, place)
    earliest = min((operations[at].end for at in undone), default=inf)
    for at in undone:
        operation = operations[at]
        if operation.start > earliest:
            return
        state = step(place.state, operation)
        if state is not IMPOSSIBLE:
            yield at, _behind(place, at, state)
        if not operation.certain:
            yield at, _behind(place, at, place.state)


def _undone(operations: Sequence[Operation], place: Place) -> list[int]:
    """The operations that are not done, in the order they began, as far as they can matter."""
    found: list[int] = []
    earliest = inf
    for at in range(place.first, len(operations)):
        if operations[at].start > earliest:
            break
        if not place.done >> (at - place.first) & 1:
            found.append(at)
            earliest = min(earliest, operations[at].end)
    return found


def _behind(place: Place, at: int, state: Any) -> Place:
    first, done = place.first, place.done | 1 << (at - place.first)
    while done & 1:
        first, done = first + 1, done >> 1
    return Place(first, done, state)
