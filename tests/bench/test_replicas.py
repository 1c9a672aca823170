"""What replicas could do with a core for each follows from what a request costs each part."""

from __future__ import annotations

import pytest

from bench.sections.replicas import Cost


@pytest.mark.parametrize(
    ("servers", "database", "ceiling"),
    [(100.0, 20.0, 20_000), (100.0, 50.0, 20_000), (100.0, 80.0, 12_500)],
)
def test_the_busiest_core_says_how_much_two_replicas_can_do(servers: float, database: float, ceiling: float) -> None:
    assert Cost(2, 900.0, servers, database, 500.0).ceiling == pytest.approx(ceiling)


def test_the_growth_is_that_in_times_of_what_one_could_do() -> None:
    one = Cost(1, 1000.0, 50.0, 10.0, 15.0)

    assert one.growth(one) == 1
    assert Cost(2, 1000.0, 50.0, 10.0, 15.0).growth(one) == pytest.approx(2)
    assert Cost(2, 1000.0, 100.0, 10.0, 15.0).growth(one) == pytest.approx(1)
