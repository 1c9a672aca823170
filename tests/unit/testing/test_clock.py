"""The clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockserver.testing import MockServer

NOON = datetime(2031, 5, 17, 12, tzinfo=UTC)


def test_a_frozen_clock_dates_what_is_written(mockserver: MockServer) -> None:
    mockserver.clock.freeze(NOON)

    team = mockserver.client.post("/v1/teams", json={"name": "Logistics", "teamType": "Group"}).json()

    assert team["updatedAt"] == mockserver.clock.milliseconds == 1_936_785_600_000
    assert mockserver.clock.now == NOON


def test_a_moment_may_be_given_in_any_time_zone_or_in_milliseconds(mockserver: MockServer) -> None:
    mockserver.clock.freeze(NOON.astimezone(timezone(timedelta(hours=5))))
    assert mockserver.clock.now == NOON

    mockserver.clock.freeze(1_000)
    assert mockserver.clock.now == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused(mockserver: MockServer) -> None:
    with pytest.raises(ValueError, match=r"says no time zone; write datetime\(…, tzinfo=UTC\)"):
        mockserver.clock.freeze(NOON.replace(tzinfo=None))


def test_a_moment_of_another_kind_is_refused(mockserver: MockServer) -> None:
    with pytest.raises(TypeError, match="a moment is a datetime or milliseconds since 1970, not '2031-05-17'"):
        mockserver.clock.freeze("2031-05-17")  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [-1, 3_000_000])
def test_the_clock_does_not_leave_the_calendar(mockserver: MockServer, days: int) -> None:
    mockserver.clock.freeze(0)

    with pytest.raises(ValueError, match="the clock goes from 1970 to the end of 9999"):
        mockserver.clock.advance(days=days)

    assert mockserver.clock.milliseconds == 0


def test_a_frozen_clock_advances_and_runs_on(mockserver: MockServer) -> None:
    mockserver.clock.freeze(NOON)
    mockserver.clock.advance(timedelta(days=1), hours=2, minutes=3, seconds=4.5)
    later = NOON + timedelta(days=1, hours=2, minutes=3, seconds=4.5)
    assert mockserver.clock.now == later

    mockserver.clock.resume()

    assert "frozen" not in repr(mockserver.clock)
    assert timedelta(0) <= mockserver.clock.now - later < timedelta(minutes=5)


def test_freezing_without_a_moment_stops_the_clock_where_it_stands(mockserver: MockServer) -> None:
    mockserver.clock.freeze(NOON)
    mockserver.clock.resume()
    mockserver.clock.freeze()

    assert "frozen" in repr(mockserver.clock)
    assert mockserver.clock.now == mockserver.clock.now < NOON + timedelta(minutes=5)


def test_a_snapshot_keeps_the_clock(mockserver: MockServer) -> None:
    mockserver.clock.freeze(NOON)
    with mockserver.snapshot():
        mockserver.clock.advance(days=1)

    assert mockserver.clock.now == NOON
