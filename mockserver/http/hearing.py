"""The journals of all servers on one store: each answers what the others ask about its own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from mockserver.exchange import Problem
from mockserver.http.channel import Channel
from mockserver.http.founding import new_id
from mockserver.http.patience import in_time
from mockserver.http.picking import Picked, together
from mockserver.stores import trips
from mockserver.stores.exchange import Exchange
from mockserver.stores.store import CourierLost, Store

Json = Any
# What this server has of a world, by filters.
Pick = Callable[[str, Mapping[str, Json], int], Awaitable[Picked]]

logger = logging.getLogger("mockserver.hearing")

GLANCE_SECONDS = 0.05
SEEN_SECONDS = 5.0
PATIENCE_SECONDS = 2.0


class Hearing:
    """Asks on demand only; what others ask is looked for a few times a second, for as long as the server runs."""

    def __init__(self, store: Store, channel: Channel, pick: Pick) -> None:
        self._store = store
        self._channel = channel
        self._server = new_id()
        self._exchange: Exchange = store.exchange(self._server)
        self._pick = pick
        self._attending = False

    async def attend(self) -> None:
        """Answers what others ask, until it is cancelled."""
        seen = 0.0
        while True:
            try:
                if time.monotonic() - seen > SEEN_SECONDS:
                    await asyncio.to_thread(self._exchange.be_seen)
                    seen, self._attending = time.monotonic(), True
                for id, asked in await self._questions():
                    await self._answer(id, *orjson.loads(asked))
            except Problem as problem:
                logger.debug("others are not heard now: %s", problem.message)
            await asyncio.sleep(GLANCE_SECONDS)

    async def _questions(self) -> list[tuple[str, str]]:
        """What others ask, by a courier where there is one."""
        if not self._store.instant:
            with suppress(CourierLost):
                return await in_time(self._channel.run(trips.questions(self._server)))
        return await asyncio.to_thread(self._exchange.questions)

    async def ask(self, name: str, wanted: Mapping[str, Json], limit: int) -> Picked:
        """What all servers tell of a world; who does not answer in time is counted as silent."""
        own = await self._pick(name, wanted, limit)
        others = await asyncio.to_thread(self._exchange.others)
        told: dict[str, bytes] = {}
        if others:
            id = new_id()
            asked = orjson.dumps([name, wanted, limit]).decode()
            await asyncio.to_thread(self._exchange.put, id, asked)
            until = time.monotonic() + PATIENCE_SECONDS
            while not others <= told.keys() and time.monotonic() < until:
                await asyncio.sleep(GLANCE_SECONDS / 2)
                told = await asyncio.to_thread(self._exchange.answers, id)
            await asyncio.to_thread(self._exchange.close, id)
        heard = [Picked(*orjson.loads(body)) for body in told.values()]
        return together([own, *heard], limit, len(others - told.keys())) if others else own

    async def _answer(self, id: str, name: str, wanted: Mapping[str, Json], limit: int) -> None:
        try:
            told = await self._pick(name, wanted, limit)
        except Problem as problem:
            logger.debug("nothing to tell of %s: %s", name, problem.message)
            told = Picked([], 0, 0)
        await asyncio.to_thread(self._exchange.answer, id, orjson.dumps(told, default=tuple))

    def close(self) -> None:
        """Others need not wait for this server any more."""
        if self._attending:
            try:
                self._exchange.leave()
            except Problem as problem:
                logger.debug("others were not told of the end: %s", problem.message)
