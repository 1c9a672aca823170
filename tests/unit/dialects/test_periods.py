"""Periods as the settings give them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.dialects.openmetadata.periods import after


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-01-31T10:00:00.123", "P30D", "2026-03-02T10:00:00.123"),
        ("2026-01-31T10:00:00", "P1M", "2026-02-28T10:00:00"),
        ("2024-02-29T00:00:00", "P1Y", "2025-02-28T00:00:00"),
        ("2026-11-15T00:00:00", "P1Y2M1W1D", "2028-01-23T00:00:00"),
        ("2026-11-15T00:00:00", "p0d", "2026-11-15T00:00:00"),
    ],
)
def test_a_period_leads_to_a_moment(start: str, period: str, end: str) -> None:
    assert after(moment(start), period) == moment(end)


@pytest.mark.parametrize("period", ["P", "", "30D", "PT5M", "P1D1Y", "P-1D", "P99999Y", "P999999D" * 2])
def test_what_is_no_period_is_said_so(period: str) -> None:
    with pytest.raises(ValueError, match=f"^'{period}' (is no period|leads out)"):
        after(0, period)
