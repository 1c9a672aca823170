"""A store's courier in an event loop: opened when it is first needed, watched, and opened again after it was lost."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

from mockserver.stores.store import Courier, CourierLost, Store
from mockserver.stores.trips import Trip

T = TypeVar("T")


class Channel:
    """Any number of trips may be under way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watched: Watched | None = None
        self._opening: asyncio.Task[Watched] | None = None

    async def run(self, trip: Trip[T]) -> T:
        """What the trip comes to; CourierLost when that is not known. Who stops waiting gives the courier up."""
        started = time.perf_counter()
        watched = self._watched
        if watched is None or watched.lost or watched.loop is not asyncio.get_running_loop():
            watched = await self._opened()
        try:
            outcome: T = await watched.run(trip)
        except asyncio.CancelledError:
            # The answer that is still to come is nobody's.
            watched.close()
            raise
        late = outcome.count(False) if trip.call == "apply" and isinstance(outcome, list) else 0
        self._store.note(trip.call, time.perf_counter() - started, late)
        return outcome

    def close(self) -> None:
        if self._watched is not None:
            self._watched.close()
            self._watched = None

    async def _opened(self) -> Watched:
        """A courier for this loop, the same for all who want one now."""
        loop = asyncio.get_running_loop()
        if self._opening is None or self._opening.get_loop() is not loop:
            self.close()
            self._opening = loop.create_task(self._open(loop))
        return await asyncio.shield(self._opening)

    async def _open(self, loop: asyncio.AbstractEventLoop) -> Watched:
        made: Future[Courier] = Future()

        def make() -> None:
            try:
                made.set_result(self._store.courier())
            except Exception as error:
                made.set_exception(error)

        try:
            await asyncio.to_thread(make)
        except asyncio.CancelledError:
            made.add_done_callback(_unwanted)
            raise
        finally:
            self._opening = None
        self._watched = Watched(made.result(), loop)
        return self._watched


class Watched:
    """A courier whose answers are taken as soon as they come."""

    def __init__(self, courier: Courier, loop: asyncio.AbstractEventLoop) -> None:
        self._courier = courier
        # Who has lost its connection knows it no more.
        self._descriptor = courier.fileno()
        self.loop = loop
        self.lost = False
        self._waiting: deque[asyncio.Future[Any]] = deque()
        loop.add_reader(self._descriptor, self._receive)

    def run(self, trip: Trip[T]) -> asyncio.Future[T]:
        answer: asyncio.Future[T] = self.loop.create_future()
        self._waiting.append(answer)
        try:
            if not self._courier.send(trip):
                self.loop.add_writer(self._descriptor, self._flush)
        except CourierLost as error:
            self._lose(error)
        return answer

    def close(self) -> None:
        self._lose(CourierLost())

    def _receive(self) -> None:
        try:
            found = self._courier.receive()
        except CourierLost as error:
            self._lose(error)
            return
        for outcome in found:
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(outcome)

    def _flush(self) -> None:
        try:
            if self._courier.flush():
                self.loop.remove_writer(self._descriptor)
        except CourierLost as error:
            self._lose(error)

    def _lose(self, error: CourierLost) -> None:
        """Looks no more, before the descriptor is somebody else's, and tells all who wait."""
        if self.lost:
            return
        self.lost = True
        if not self.loop.is_closed():
            self.loop.remove_reader(self._descriptor)
            self.loop.remove_writer(self._descriptor)
            for answer in self._waiting:
                if not answer.done():
                    answer.set_exception(error)
        self._waiting.clear()
        self._courier.close()


def _unwanted(made: Future[Courier]) -> None:
    """Closes a courier that comes when nobody waits for it any more."""
    if made.exception() is None:
        made.result().close()
