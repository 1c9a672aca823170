"""The line at a world's row, for a world that others change too: whose turn it is sees all that was changed before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from mockserver.http.channel import Channel
from mockserver.http.committer import UNSETTLED, Committer
from mockserver.http.held import Held
from mockserver.http.patience import PATIENCE_SECONDS, in_time
from mockserver.http.shelf import Shelf
from mockserver.stores import trips
from mockserver.stores.store import Change, CourierLost, News, Store

# Makes what is to be kept of the newest state.
Made = Callable[[Held], Change | None]
# Each has a connection of its own.
MOST_AT_ONCE = 4
MOST_ATTEMPTS = 10


class Lineup:
    """Stands in line for several worlds at once; the database keeps the order."""

    def __init__(self, store: Store, shelf: Shelf, committer: Committer) -> None:
        self._store = store
        self._shelf = shelf
        self._committer = committer
        self._channels = [Channel(store) for _ in range(MOST_AT_ONCE)]
        self._free = list(self._channels)
        # Whose turn it is waits for this process, which must not wait for a thread that those who stand behind are in.
        self._thread = ThreadPoolExecutor(1, "in line")

    async def in_turn(self, name: str, made: Made) -> bool:
        """Keeps the change that is made while nobody else can change this world; false when it came too late.

        What is made may be made again.
        """
        # Who waits for a row that is deleted meanwhile holds none, and so may come too late nevertheless.
        for _ in range(MOST_ATTEMPTS):
            if await self._by_courier(name, made) or await self._apart(name, made):
                return True
        return False

    async def _by_courier(self, name: str, made: Made) -> bool:
        """Where there is a free one; false when it did not come to that."""
        if self._store.instant or not self._free:
            return False
        async with self._channel() as channel:
            return await self._sent(channel, name, made)

    def close(self) -> None:
        for channel in self._channels:
            channel.close()
        self._thread.shutdown()

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[Channel]:
        channel = self._free.pop()
        try:
            yield channel
        finally:
            self._free.append(channel)

    async def _sent(self, channel: Channel, name: str, made: Made) -> bool:
        """By a courier, in two trips; false when that cannot be, or it was lost."""
        held = self._shelf.get(name)
        if held is None:
            return False
        try:
            news = await in_time(channel.run(trips.begin_turn(name, held.line)), UNSETTLED)
            newest = None if news is None else await self._heard(held, news)
            change = None if newest is None else made(newest)
            if newest is None or (change is not None and not trips.is_plain(change)):
                await channel.run(trips.leave_turn())
                return False
        except CourierLost:
            return False
        except BaseException:
            # Whoever is next in line must not wait for us.
            channel.close()
            raise
        if change is None:
            await self._left(channel)
            return True
        try:
            return (await in_time(channel.run(trips.end_turn(change)), UNSETTLED))[0]
        except CourierLost:
            return await self._committer.settle(change)

    async def _heard(self, held: Held, news: News) -> Held:
        return await self._shelf.hear(held, news) or await self._shelf.load(held.row.name)

    async def _left(self, channel: Channel) -> None:
        try:
            await in_time(channel.run(trips.leave_turn()))
        except CourierLost:
            channel.close()

    async def _apart(self, name: str, made: Made) -> bool:
        """In a thread that waits."""
        loop = asyncio.get_running_loop()

        async def tried() -> Change | None:
            return made(await self._shelf.load(name))

        def work() -> Change | None:
            return asyncio.run_coroutine_threadsafe(tried(), loop).result(PATIENCE_SECONDS)

        return await in_time(loop.run_in_executor(self._thread, self._store.in_turn, name, work), UNSETTLED)
