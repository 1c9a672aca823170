"""The world's time, moved from outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mockserver.exchange import Problem, Reply, Violation
from mockserver.forms import Found, closed, integer, number
from mockserver.forms import told as quoted
from mockserver.http.control.asking import NOTHING, Asked, answered
from mockserver.http.worlds import Worlds
from mockserver.world.clock import Clock
from mockserver.world.world import World

Json = Any
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999
UNITS = {"milliseconds": 1, "seconds": 1000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}


def moment(value: Json, where: str, found: Found) -> None:
    """A time as milliseconds since 1970, or as a text."""
    if isinstance(value, str):
        try:
            value = as_milliseconds(value)
        except ValueError:
            found.add(where, f"must be a time such as '2026-01-31T12:00:00Z', not {quoted(value)}")
            return
    integer(0, LATEST)(value, where, found)


def as_milliseconds(value: int | str) -> int:
    if isinstance(value, int):
        return value
    at = datetime.fromisoformat(value)
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


FREEZE = closed({}, {"at": moment})
ADVANCE = closed({}, {unit: number(0, LATEST) for unit in UNITS})


class ClockDesk:
    """Freezes the clock, moves it forward, and lets it run again."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    async def shown(self, asked: Asked) -> Reply:
        return told(await self._worlds.look(asked.world, lambda world: world.root.clock))

    async def freeze(self, asked: Asked) -> Reply:
        at = asked.body(FREEZE).get("at")
        return await self._move(asked, lambda clock: clock.freeze(None if at is None else as_milliseconds(at)))

    async def advance(self, asked: Asked) -> Reply:
        body = asked.body(ADVANCE)
        if not body:
            raise Problem(400, f"say how far, in one or more of {', '.join(UNITS)}")
        by = round(sum(UNITS[unit] * amount for unit, amount in body.items()))
        return await self._move(asked, lambda clock: clock.advance(by))

    async def resume(self, asked: Asked) -> Reply:
        asked.body(NOTHING)
        return await self._move(asked, Clock.resume)

    async def _move(self, asked: Asked, move: Callable[[Clock], Clock]) -> Reply:
        def moved(world: World) -> Clock:
            clock = move(world.root.clock)
            if clock.now() > LATEST:
                violation = Violation("body", "leads beyond the year 9999")
                raise Problem(400, str(violation), violations=(violation,))
            world.set_clock(clock)
            return clock

        return told(await self._worlds.change(asked.world, moved))


def told(clock: Clock) -> Reply:
    now = clock.now()
    time = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return answered({"now": now, "time": time, "frozen": clock.frozen is not None})
