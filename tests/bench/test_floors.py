"""The floors of throughput are held against what was measured, and what was not answered is under each."""

from __future__ import annotations

from bench.cases import CASES, GET_TABLE, PATCH_TABLE
from bench.drive import Middle
from bench.floors import bounds
from bench.servers import BARE, DIRECT, VARIANTS
from bench.throughput import Rates

NAMES = (BARE, *(variant.name for variant in VARIANTS))


def rates(**changed: float) -> Rates:
    """Ten thousand a second of bare uvicorn, twice that of ours, unless a case is told to have another rate."""
    medians = {
        (case.name, name): Middle(10_000.0 if name == BARE else 20_000.0, 50.0, 1.0, {})
        for case in CASES
        for name in NAMES
    }
    for name, rate in changed.items():
        medians[GET_TABLE.name, name] = Middle(rate, 50.0, 1.0, {})
    return Rates(medians, {})


def missed(found: Rates) -> list[str]:
    return [bound.what for bound in bounds(found) if not bound.kept]


def test_a_server_that_is_fast_enough_misses_nothing() -> None:
    assert missed(rates()) == []


def test_a_read_that_is_too_slow_is_missed_beside_the_bare_server() -> None:
    assert missed(rates(**{DIRECT.name: 15_000.0})) == [f"{DIRECT.name}, {GET_TABLE.name}, of {BARE}"]


def test_what_was_not_answered_is_missed() -> None:
    whole = rates()
    without = {key: value for key, value in whole.medians.items() if key[0] != PATCH_TABLE.name}

    assert missed(Rates(without, {})) == [f"plain ASGI, {PATCH_TABLE.name}, of {BARE}"]
