"""A clock that runs beside the machine's, or stands."""

from __future__ import annotations

import time

from mockserver.world.clock import Clock


def machine() -> int:
    return time.time_ns() // 1_000_000


def test_a_new_clock_is_the_machines() -> None:
    assert machine() <= Clock().now() <= machine()


def test_an_advanced_clock_runs_ahead_and_can_be_put_back() -> None:
    assert machine() + 5_000 <= Clock().advance(5_000).now() <= machine() + 5_000
    assert Clock().advance(5_000).advance(-5_000) == Clock()


def test_a_frozen_clock_stands_and_is_moved_by_hand() -> None:
    assert Clock().freeze(42).now() == 42
    assert Clock().freeze(42).advance(8).now() == 50
    standing = Clock().freeze()
    assert standing.now() == standing.now() <= machine()


def test_a_resumed_clock_runs_on_from_where_it_stood() -> None:
    at = machine() - 1_000_000
    resumed = Clock().freeze(at).resume()
    assert resumed.frozen is None
    assert at <= resumed.now() <= at + 60_000
    assert Clock(offset=5).resume() == Clock(offset=5)
