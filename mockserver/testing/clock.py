"""The world's clock in a test's hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mockserver.testing.backend import Backend
from mockserver.world.clock import Clock

LATEST = 253_402_300_799_999  # the last millisecond of the year 9999


class MovableClock:
    """Runs beside the machine's clock until it is moved or stopped; each test starts with it as the seeds have it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def milliseconds(self) -> int:
        """Now, in milliseconds since 1970: what `updatedAt` would be."""
        return self._clock.now()

    @property
    def now(self) -> datetime:
        """Now, in UTC."""
        return _told(self.milliseconds)

    def freeze(self, at: datetime | int | None = None) -> None:
        """Stops the clock: at a moment with its time zone, at milliseconds since 1970, or as it stands."""
        __tracebackhide__ = True
        self._set(self._clock.freeze(None if at is None else _milliseconds(at)))

    def advance(
        self, by: timedelta | None = None, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Moves the clock on (or back), whether it runs or not."""
        __tracebackhide__ = True
        whole = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) + (by or timedelta())
        self._set(self._clock.advance(round(whole / timedelta(milliseconds=1))))

    def resume(self) -> None:
        """Lets the clock run on from where it stands."""
        self._set(self._clock.resume())

    @property
    def _clock(self) -> Clock:
        return self._backend.clock()

    def _set(self, clock: Clock) -> None:
        __tracebackhide__ = True
        if not 0 <= clock.now() <= LATEST:
            raise ValueError("the clock goes from 1970 to the end of 9999")
        self._backend.set_clock(clock)

    def __repr__(self) -> str:
        clock = self._clock
        return f"<MovableClock {_told(clock.now()).isoformat()}{'' if clock.frozen is None else ' frozen'}>"


def _told(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _milliseconds(moment: object) -> int:
    __tracebackhide__ = True
    if isinstance(moment, int):
        return moment
    if not isinstance(moment, datetime):
        raise TypeError(f"a moment is a datetime or milliseconds since 1970, not {moment!r}")
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} says no time zone; write datetime(…, tzinfo=UTC)")
    return round(moment.timestamp() * 1000)
