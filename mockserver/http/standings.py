"""Where worlds stand now: one question to the store for all requests that came before it was asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from mockserver.stores.store import Standing, Store


class Standings:
    """One question is under way at a time; who comes meanwhile is answered by the next one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, "looking")
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
            self._task = loop.create_task(self._work(loop))
        return await standing

    def close(self) -> None:
        self._thread.shutdown()

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            names = {name for name, _ in asked}
            try:
                found = await loop.run_in_executor(self._thread, self._store.standings, names)
            except Exception as error:
                for _, standing in asked:
                    if not standing.done():
                        standing.set_exception(error)
                continue
            for name, standing in asked:
                if not standing.done():
                    standing.set_result(found.get(name))
