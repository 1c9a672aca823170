"""Faults strike the operations they name, as often and as likely as asked, the same for the same seed."""

from __future__ import annotations

import pytest

from mockserver.world.faults import Fault, Faults


def struck(faults: Faults, *operations: str) -> list[int | None]:
    found = (faults.strike(operation) for operation in operations)
    return [None if fault is None else fault.id for fault in found]


def test_a_fault_strikes_the_operations_that_its_glob_names() -> None:
    faults = Faults()
    faults.add(Fault(0, operation="add*Follower"))
    assert struck(faults, "addTableFollower", "addDatabaseFollower", "voteTable") == [1, 1, None]


def test_a_counted_fault_ends_and_the_next_one_takes_over() -> None:
    faults = Faults()
    faults.add(Fault(0, remaining=2))
    faults.add(Fault(0, operation="getTable"))
    assert struck(faults, *["getTable"] * 4) == [1, 1, 2, 2]


def test_a_fault_is_taken_back_by_its_id_once() -> None:
    faults = Faults()
    first, second = faults.add(Fault(0)), faults.add(Fault(0))
    assert (first.id, second.id) == (1, 2)
    assert faults.remove(1)
    assert not faults.remove(1)
    assert [fault.id for fault in faults] == [2]


def test_chance_is_the_same_for_the_same_seed_and_starts_anew_when_cleared() -> None:
    def luck(faults: Faults) -> list[int | None]:
        faults.add(Fault(0, probability=0.5))
        return struck(faults, *["getTable"] * 64)

    faults = Faults(seed=5)
    first = luck(faults)
    faults.clear()
    assert luck(faults) == first == luck(Faults(seed=5)) != luck(Faults(seed=6))
    assert {None, 1} == set(first)


@pytest.mark.parametrize(("probability", "times"), [(0.0, 0), (1.0, 20)])
def test_the_impossible_never_and_the_certain_always_happens(probability: float, times: int) -> None:
    faults = Faults()
    faults.add(Fault(0, probability=probability))
    assert len([id for id in struck(faults, *["getTable"] * 20) if id]) == times


def test_a_fault_that_does_not_strike_is_not_counted() -> None:
    faults = Faults()
    fault = faults.add(Fault(0, operation="other", remaining=1))
    struck(faults, "getTable")
    assert fault.remaining == 1
