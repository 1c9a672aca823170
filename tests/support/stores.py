"""Worlds whose store does not do what it should."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from mockserver.exchange import Problem
from mockserver.http.worlds import Described, MemoryWorlds
from mockserver.world.world import World

T = TypeVar("T")


class AwayWorlds(MemoryWorlds):
    """Cannot be reached."""

    async def look(self, name: str, job: Callable[[World], T]) -> T:
        raise Problem(503, "the database is away")

    async def listed(self) -> list[Described]:
        raise Problem(503, "the database is away")


class HangingWorlds(MemoryWorlds):
    """Does not answer."""

    async def look(self, name: str, job: Callable[[World], T]) -> T:
        await asyncio.Event().wait()
        return job(self.default)


class LaterWorlds(MemoryWorlds):
    """Answers nothing at once."""

    immediate = False

    def at_once(self, name: str, method: str) -> None:
        return None

    async def answer(self, name: str, method: str, job: Callable[[World], T]) -> T:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
        return await super().answer(name, method, job)
