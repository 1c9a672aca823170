"""Holds the judge of concurrent histories to what it is there for: right ones pass, wrong ones do not."""

from __future__ import annotations

from itertools import permutations
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.linear import IMPOSSIBLE, Operation, linearized

WRITE, READ = "write", "read"


def register(state: int, operation: Operation) -> Any:
    """One number that is written and read."""
    kind, value = operation.asked
    if kind == WRITE:
        return value
    return state if not operation.certain or operation.answered == state else IMPOSSIBLE


def wrote(value: int, start: float, end: float) -> Operation:
    return Operation((WRITE, value), None, start, end)


def tried(value: int, start: float, end: float = inf) -> Operation:
    """A write of which nobody knows whether it was done."""
    return Operation((WRITE, value), None, start, end, certain=False)


def read(value: int, start: float, end: float) -> Operation:
    return Operation((READ, 0), value, start, end)


RIGHT = {
    "nothing": [],
    "one after another": [read(0, 0, 1), wrote(1, 2, 3), read(1, 4, 5)],
    "a read during a write sees the old value": [wrote(1, 0, 10), read(0, 1, 2), read(1, 11, 12)],
    "a read during a write sees the new value": [wrote(1, 0, 10), read(1, 1, 2), read(1, 3, 4)],
    "writes together in either order": [wrote(1, 0, 10), wrote(2, 0, 10), read(2, 11, 12), read(2, 13, 14)],
    "a write without an answer was done": [tried(1, 0), read(0, 1, 2), read(1, 3, 4)],
    "a write without an answer was never done": [tried(1, 0), read(0, 1, 2), read(0, 3, 4)],
    "a write that was cut off was done before": [tried(1, 0, 1), read(1, 2, 3)],
    "a write that was cut off was not done": [tried(1, 0, 1), read(0, 2, 3)],
}
WRONG = {
    "a stale read": [wrote(1, 0, 1), read(0, 2, 3)],
    "a read of what nobody wrote": [wrote(1, 0, 1), read(2, 2, 3)],
    "a read of what comes later": [read(1, 0, 1), wrote(1, 2, 3)],
    "two readers see two orders": [
        *(wrote(1, 0, 10), wrote(2, 0, 10)),
        *(read(1, 11, 12), read(2, 13, 14)),
    ],
    "new, then old again": [wrote(1, 0, 10), read(1, 1, 2), read(0, 3, 4)],
    "a lost write": [wrote(1, 0, 1), wrote(2, 2, 3), read(1, 4, 5)],
    "a write without an answer is done twice": [tried(1, 0), read(1, 1, 2), wrote(2, 3, 4), read(1, 5, 6)],
    "a write that was cut off is done later": [tried(1, 0, 1), read(0, 2, 3), read(1, 4, 5)],
}


@pytest.mark.parametrize("history", RIGHT.values(), ids=RIGHT)
def test_what_one_register_could_have_answered_is_explained(history: list[Operation]) -> None:
    assert linearized(history, 0, register) is not None


@pytest.mark.parametrize("history", WRONG.values(), ids=WRONG)
def test_what_no_register_could_have_answered_is_found(history: list[Operation]) -> None:
    assert linearized(history, 0, register) is None


def test_a_long_history_is_judged_before_long() -> None:
    history = [operation for at in range(400) for operation in together(at)]

    assert linearized(history, 0, register) is not None
    assert linearized([*history, read(1, 4001, 4002)], 0, register) is None


def together(at: int) -> list[Operation]:
    """Five writers and a reader at the same time, the reader sees the last of them."""
    start, end = at * 10.0, at * 10.0 + 9
    return [*(wrote(at * 5 + each, start + each, end) for each in range(5)), read(at * 5 + 4, start, end)]


OPERATION = st.builds(
    lambda kind, value, start, length, certain: Operation(
        (kind, value), value if kind == READ else None, start, start + length, certain and length < inf
    ),
    st.sampled_from([WRITE, READ]),
    st.integers(0, 2),
    st.integers(0, 8),
    st.sampled_from([1, 2, 4, inf]),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(OPERATION, max_size=5))
def test_the_judge_agrees_with_trying_every_order(history: list[Operation]) -> None:
    assert (linearized(history, 0, register) is not None) == by_force(history)


def by_force(history: list[Operation]) -> bool:
    certain = [each for each in history if each.certain]
    others = [each for each in history if not each.certain]
    chosen = ([each for at, each in enumerate(others) if mask >> at & 1] for mask in range(1 << len(others)))
    return any(explains(list(order)) for some in chosen for order in permutations([*certain, *some]))


def explains(order: list[Operation]) -> bool:
    """Whether an order keeps who ended before another began, and gives the answers."""
    if any(later.end < earlier.start for at, earlier in enumerate(order) for later in order[at:]):
        return False
    state: Any = 0
    for each in order:
        state = register(state, each)
        if state is IMPOSSIBLE:
            return False
    return True
