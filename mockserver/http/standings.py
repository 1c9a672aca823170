"""Where worlds stand now: one question to the store for all requests that came before it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from mockserver.http.patience import in_time
from mockserver.stores.store import Look, LookLost, Standing, Store


class Standings:
    """One question is under way at a time; who comes meanwhile is answered by the next one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, "looking")
        self._waiting: list[tuple[str, asyncio.Future[Standing | None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._watched: Watched | None = None

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
        self._drop()
        self._thread.shutdown()

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                found = await in_time(self._ask({name for name, _ in asked}, loop))
            except Exception as error:
                for _, standing in asked:
                    if not standing.done():
                        standing.set_exception(error)
                continue
            for name, standing in asked:
                if not standing.done():
                    standing.set_result(found.get(name))

    async def _ask(self, names: Collection[str], loop: asyncio.AbstractEventLoop) -> dict[str, Standing]:
        try:
            if self._watched is None or self._watched.lost or self._watched.loop is not loop:
                self._drop()
                look = await loop.run_in_executor(self._thread, self._store.look)
                self._watched = Watched(look, loop)
            return await self._watched.ask(names)
        except LookLost:
            # By a connection that is made again.
            self._drop()
            return await loop.run_in_executor(self._thread, self._store.standings, names)
        except asyncio.CancelledError:
            # The answer that is still to come is nobody's.
            self._drop()
            raise

    def _drop(self) -> None:
        if self._watched is not None:
            self._watched.close()
            self._watched = None


class Watched:
    """A look whose answers are taken as soon as they come."""

    def __init__(self, look: Look, loop: asyncio.AbstractEventLoop) -> None:
        self._look = look
        # Who has lost its connection knows it no more.
        self._descriptor = look.fileno()
        self.loop = loop
        self.lost = False
        self._answer: asyncio.Future[dict[str, Standing]] | None = None
        loop.add_reader(self._descriptor, self._receive)

    async def ask(self, names: Collection[str]) -> dict[str, Standing]:
        self._answer = self.loop.create_future()
        try:
            self._look.send(names)
        except LookLost:
            self._lose()
            raise
        return await self._answer

    def close(self) -> None:
        self._lose()
        self._look.close()

    def _receive(self) -> None:
        answer = self._answer
        try:
            found = self._look.receive()
        except LookLost as error:
            self._lose()
            if answer is not None and not answer.done():
                answer.set_exception(error)
            return
        if found is not None and answer is not None and not answer.done():
            answer.set_result(found)

    def _lose(self) -> None:
        """Looks no more, before the descriptor is somebody else's."""
        if not self.lost and not self.loop.is_closed():
            self.loop.remove_reader(self._descriptor)
        self.lost = True
