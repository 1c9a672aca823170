"""Where worlds stand now: one question to the store for all requests that came before it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from mockserver.http.channel import Channel
from mockserver.http.patience import all_come, in_time
from mockserver.stores import trips
from mockserver.stores.store import CourierLost, Standing, Store


class Standings:
    """One question is under way at a time; who comes meanwhile is answered by the next one."""

    def __init__(self, store: Store, channel: Channel) -> None:
        self._store = store
        self._channel = channel
        self._waiting: list[tuple[str, asyncio.Future[Standing | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def of(self, name: str) -> Standing | None:
        """Where a world stood at some moment since this was asked; None where there is none of that name."""
        if self._store.instant:
            return self._store.standings((name,)).get(name)
        loop = asyncio.get_running_loop()
        standing: asyncio.Future[Standing | None] = loop.create_future()
        self._waiting.append((name, standing))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work())
        return await standing

    async def _work(self) -> None:
        while self._waiting:
            await all_come(self._waiting)
            asked, self._waiting = self._waiting, []
            try:
                found = await in_time(self._ask({name for name, _ in asked}))
            except Exception as error:
                for _, standing in asked:
                    if not standing.done():
                        standing.set_exception(error)
                continue
            for name, standing in asked:
                if not standing.done():
                    standing.set_result(found.get(name))

    async def _ask(self, names: Collection[str]) -> dict[str, Standing]:
        try:
            return await self._channel.run(trips.standings(names))
        except CourierLost:
            # By a connection that is made again.
            return await asyncio.to_thread(self._store.standings, names)
