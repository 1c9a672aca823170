"""Hands changes to a store: all that wait go together, and share one sync of the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from mockserver.http.channel import Channel
from mockserver.http.patience import all_come, in_time
from mockserver.stores import trips
from mockserver.stores.store import Change, CourierLost, Store

Outcome = list[bool]
UNSETTLED = ", and what was to be changed may have been changed or not"


class Committer:
    """One transaction is under way at a time; what comes meanwhile is the next one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._channel = Channel(store)
        self._thread = ThreadPoolExecutor(1, "committing")
        self._waiting: list[tuple[Sequence[Change], asyncio.Future[Outcome]]] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, *changes: Change) -> Outcome:
        """For each change whether it was kept, once it is for good; a Problem when nothing was."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((changes, outcome))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work(loop))
        return await outcome

    async def settle(self, change: Change) -> bool:
        """Whether a change was kept whose outcome was not heard of; it is kept now if it still can be."""
        loop = asyncio.get_running_loop()
        return (await in_time(loop.run_in_executor(self._thread, self._store.apply, [change]), UNSETTLED))[0]

    def close(self) -> None:
        self._channel.close()
        self._thread.shutdown()

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            await all_come(self._waiting)
            group, self._waiting = self._waiting, []
            changes = [change for each, _ in group for change in each]
            try:
                outcome = await in_time(self._apply(changes, loop), UNSETTLED)
            except Exception as error:
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for each, future in group:
                mine, outcome = outcome[: len(each)], outcome[len(each) :]
                if not future.done():
                    future.set_result(mine)

    async def _apply(self, changes: Sequence[Change], loop: asyncio.AbstractEventLoop) -> Outcome:
        """By a courier where that can be; what it left unsettled, and all else, in a thread."""
        if not self._store.instant and all(map(trips.is_plain, changes)):
            with suppress(CourierLost):
                return await self._channel.run(trips.apply(changes))
        return await loop.run_in_executor(self._thread, self._store.apply, changes)
