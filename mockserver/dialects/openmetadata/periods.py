"""Spans of the calendar as texts such as P1Y2M3W4D, and the moments that they lead to."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

PERIOD = re.compile(r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?", re.IGNORECASE)
MONTHS, DAYS = 12, 7


def after(moment: int, period: str) -> int:
    """The moment, in milliseconds, that is a period later in UTC: months first, then days; ValueError."""
    found = PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"{period!r} is no period such as P30D or P1Y6M")
    years, months, weeks, days = (int(each or 0) for each in found.groups())
    start = datetime.fromtimestamp(moment // 1000, UTC)
    try:
        year, month = divmod(start.year * MONTHS + start.month - 1 + years * MONTHS + months, MONTHS)
        # A month that has no such day is over at its last one.
        day = min(start.day, monthrange(year, month + 1)[1])
        end = start.replace(year=year, month=month + 1, day=day) + timedelta(days=weeks * DAYS + days)
    except (OverflowError, ValueError) as error:
        raise ValueError(f"{period!r} leads out of the calendar") from error
    return int(end.timestamp()) * 1000 + moment % 1000
