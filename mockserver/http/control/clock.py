"""The world's time, moved from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mockserver.exchange import Problem, Violation
from mockserver.forms import Found, closed, integer, number, told
from mockserver.http.control.asking import NOTHING, answered, read_body
from mockserver.http.sandbox import Sandbox
from mockserver.world.clock import Clock

Json = Any
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999
UNITS = {"milliseconds": 1, "seconds": 1000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}


def moment(value: Json, where: str, found: Found) -> None:
    """A time as milliseconds since 1970, or as a text."""
    if isinstance(value, str):
        try:
            value = as_milliseconds(value)
        except ValueError:
            found.add(where, f"must be a time such as '2026-01-31T12:00:00Z', not {told(value)}")
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

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = sandbox.world

    @property
    def _clock(self) -> Clock:
        return self._world.root.clock

    async def shown(self, request: Request) -> Response:
        return self._answer()

    async def freeze(self, request: Request) -> Response:
        at = (await read_body(request, FREEZE)).get("at")
        return self._set(self._clock.freeze(None if at is None else as_milliseconds(at)))

    async def advance(self, request: Request) -> Response:
        body = await read_body(request, ADVANCE)
        if not body:
            raise Problem(400, f"say how far, in one or more of {', '.join(UNITS)}")
        moved = self._clock.advance(round(sum(UNITS[unit] * amount for unit, amount in body.items())))
        if moved.now() > LATEST:
            violation = Violation("body", "leads beyond the year 9999")
            raise Problem(400, str(violation), violations=(violation,))
        return self._set(moved)

    async def resume(self, request: Request) -> Response:
        await read_body(request, NOTHING)
        return self._set(self._clock.resume())

    def _set(self, clock: Clock) -> Response:
        self._world.set_clock(clock)
        return self._answer()

    def _answer(self) -> Response:
        now = self._clock.now()
        time = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return answered({"now": now, "time": time, "frozen": self._clock.frozen is not None})
