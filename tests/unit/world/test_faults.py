"""Faults strike the operations they name, as often and as likely as asked, the same for the same seed."""

from __future__ import annotations

import pytest

from mockserver.world.faults import Fault, Faults

FIVE = 5


def planned(*faults: Fault) -> Faults:
    found = Faults()
    for fault in faults:
        _, found = found.add(fault)
    return found


def struck(faults: Faults, *operations: str, seed: int = FIVE) -> list[int | None]:
    ids = []
    for operation in operations:
        fault, faults = faults.strike(operation, seed)
        ids.append(None if fault is None else fault.id)
    return ids


def test_a_fault_strikes_the_operations_that_its_glob_names() -> None:
    faults = planned(Fault(0, operation="add*Follower"))
    assert struck(faults, "addTableFollower", "addDatabaseFollower", "voteTable") == [1, 1, None]


def test_a_counted_fault_ends_and_the_next_one_takes_over() -> None:
    faults = planned(Fault(0, remaining=2), Fault(0, operation="getTable"))
    assert struck(faults, *["getTable"] * 4) == [1, 1, 2, 2]


def test_a_fault_is_known_by_its_id_until_it_is_taken_back() -> None:
    faults = planned(Fault(0), Fault(0))
    assert faults.find(1) == Fault(1)
    rest = faults.without(1)
    assert (rest.find(1), [fault.id for fault in rest.planned]) == (None, [2])
    assert rest.add(Fault(0))[0].id == 3


def test_counting_leaves_the_faults_before_as_they_were() -> None:
    before = planned(Fault(0, remaining=1))
    hit, after = before.strike("getTable", FIVE)
    assert (hit, before.find(1), after.find(1)) == (Fault(1, remaining=1), Fault(1, remaining=1), Fault(1, remaining=0))


def test_chance_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    faults = planned(Fault(0, probability=0.5))
    first = struck(faults, *["getTable"] * 64)
    assert struck(faults, *["getTable"] * 64) == first != struck(faults, *["getTable"] * 64, seed=6)
    assert {None, 1} == set(first)


@pytest.mark.parametrize(("probability", "times"), [(0.0, 0), (1.0, 20)])
def test_the_impossible_never_and_the_certain_always_happens(probability: float, times: int) -> None:
    faults = planned(Fault(0, probability=probability))
    assert len([id for id in struck(faults, *["getTable"] * 20) if id]) == times
