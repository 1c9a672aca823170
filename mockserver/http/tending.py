"""What a store needs from time to time: heavy commits made whole, unreached ones dropped, uses noted down."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from mockserver.http.held import Held
from mockserver.stores.bodies import whole
from mockserver.stores.store import Store

logger = logging.getLogger("mockserver.tending")

NOTED_SECONDS = 5.0
NOTED_OF_TTL = 0.25
COLLECTED_SECONDS = 600.0


class Tending:
    """Does it beside the requests; what does not succeed is tried again at the next occasion."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        self._used: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # Processes that start together should not collect together.
        self._collected = now() - COLLECTED_SECONDS * random.random()

    def use(self, held: Held) -> None:
        """Notes that a world was used just now, if that was not noted lately."""
        row = held.row
        patience = NOTED_SECONDS if row.ttl is None else min(NOTED_SECONDS, row.ttl * NOTED_OF_TTL)
        if held.used - held.noted > patience:
            held.noted = self._used[row.name] = held.used
            self._begin("note", self._note)

    def after(self, held: Held) -> None:
        """Looks after a store that was just written to."""
        head = held.row.head
        if held.line[head].heavy:
            self._begin(f"whole {held.row.name}", lambda: self._make_whole(held, head))
        if self._now() - self._collected > COLLECTED_SECONDS:
            self._collected = self._now()
            self._begin("collect", self._collect)

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _begin(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if what not in self._tasks:
            self._tasks[what] = asyncio.get_running_loop().create_task(self._do(what, work))

    async def _do(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except Exception as error:
            logger.warning("%s: %s", what, error)
        finally:
            del self._tasks[what]

    async def _note(self) -> None:
        used, self._used = self._used, {}
        await asyncio.to_thread(self._store.touch, used)

    async def _collect(self) -> None:
        await asyncio.to_thread(self._store.collect)

    async def _make_whole(self, held: Held, id: str) -> None:
        known = held.line[id]
        body = await asyncio.to_thread(whole, known.root)
        await asyncio.to_thread(self._store.make_whole, id, body)
        known.ground.raised(len(body), known.since)
