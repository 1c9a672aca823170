"""Sends what the outboxes of worlds hold, and writes down what became of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

from mockserver.exchange import Problem
from mockserver.http.founding import new_id
from mockserver.http.posting import NotPosted, post
from mockserver.http.targets import Refused, Targets
from mockserver.http.worlds import Worlds
from mockserver.world.outbox import REFUSED, SENDING, Attempt, Delivery
from mockserver.world.world import World

logger = logging.getLogger("mockserver.sending")

# For how long a batch goes on, and for how long it is left to whoever took it, in seconds.
TURN_SECONDS = 30.0
LEASE_SECONDS = 90.0
LONGEST_WAIT = 60.0
MOST_AT_ONCE = 16


class Sender:
    """Looks into a world's outbox when it is woken for it, and again when something in there is due.

    `lock` is held while worlds are looked at and changed, where other threads do so too.
    """

    def __init__(self, worlds: Worlds, targets: Targets, lock: AbstractContextManager[object] | None = None) -> None:
        self.worlds = worlds
        self._targets = targets
        self._lock: AbstractContextManager[object] = nullcontext() if lock is None else lock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: set[str] = set()
        self._bell: asyncio.Event | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room: asyncio.Semaphore | None = None

    def wake(self, name: str) -> None:
        """Has it look into a world's outbox; from any thread."""
        if name in self._woken:
            return
        self._woken.add(name)
        if self._loop is not None and self._bell is not None:
            with suppress(RuntimeError):  # the loop may be closed already
                self._loop.call_soon_threadsafe(self._bell.set)

    async def attend(self) -> None:
        """Sends until it is cancelled; what is on its way then is let go, for another one to take up."""
        self._loop, self._bell = asyncio.get_running_loop(), asyncio.Event()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        try:
            while True:
                while self._woken:
                    await self._look(self._woken.pop())
                self._bell.clear()
                if not self._woken:
                    await self._bell.wait()
        finally:
            await self._stop()

    async def _stop(self) -> None:
        self._loop = None
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look(self, name: str) -> None:
        """Takes what is ready in a world, and sees to it that the rest is looked at in time."""
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
        sender = new_id()
        try:
            batches, wait = await self._change(name, lambda world: _taken(world, sender))
        except Problem as problem:
            logger.debug("nothing is sent of %s now: %s", name, problem.message)
            return
        for batch in batches:
            self._begin(self._send(name, sender, batch))
        if wait is not None and self._loop is not None:
            self._timers[name] = self._loop.call_later(wait, self.wake, name)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, name: str, sender: str, batch: list[Delivery]) -> None:
        """Sends one after the other; when one fails, those behind it wait for it."""
        assert self._room is not None
        done: list[Delivery] = []
        until = time.monotonic() + TURN_SECONDS
        try:
            async with self._room:
                for delivery in batch:
                    after = await self._outcome(name, delivery)
                    done.append(after)
                    if after.due != delivery.due or time.monotonic() > until:
                        break
        finally:
            rest = [delivery.released() for delivery in batch[len(done) :]]
            try:
                await self._change(name, lambda world: _put_back(world, sender, [*done, *rest]))
            except Problem as problem:
                logger.debug("what was sent of %s is not written down: %s", name, problem.message)
            self.wake(name)

    async def _outcome(self, name: str, delivery: Delivery) -> Delivery:
        """The delivery after an attempt to make it."""
        try:
            url = self._targets.check(delivery.address)
        except Refused as refused:
            return delivery.ended(REFUSED, str(refused))
        status, reason = None, None
        try:
            status = await post(url, delivery.headers, delivery.body.encode(), delivery.timeout, delivery.read_timeout)
        except NotPosted as error:
            reason = str(error)
        if status is not None and not 200 <= status < 300:
            reason = f"the answer was {status}"
        # A redirection is not followed and would not change.
        again = status is None or not 300 <= status < 400
        try:
            now = await self._now(name)
        except Problem:
            now = delivery.timestamp
        return delivery.after(Attempt(now, status, reason), again=again)

    async def _now(self, name: str) -> int:
        with self._lock:
            return await self.worlds.look(name, lambda world: world.root.clock.now())

    async def _change(self, name: str, job: Any) -> Any:
        with self._lock:
            return await self.worlds.change(name, job)


def _taken(world: World, sender: str) -> tuple[list[list[Delivery]], float | None]:
    """What is sent now, marked as such, and how long the rest can wait by the machine's clock; None: for a call."""
    now, wall = world.root.clock.now(), time.time()
    batches = [
        [delivery.claimed(sender, wall + LEASE_SECONDS) for delivery in batch]
        for batch in world.root.outbox.ready(now, wall)
    ]
    _amend(world, (delivery for batch in batches for delivery in batch))
    return batches, _wait(world, now, wall)


def _wait(world: World, now: int, wall: float) -> float | None:
    outbox, clock = world.root.outbox, world.root.clock
    waits = [each.until - wall for each in outbox.waiting() if each.state == SENDING]
    soonest = outbox.soonest()
    if soonest is not None and clock.frozen is None and soonest > now:
        waits.append((soonest - now) / 1000)
    return min(max(0.01, min(waits)), LONGEST_WAIT) if waits else None


def _put_back(world: World, sender: str, batch: list[Delivery]) -> None:
    """Writes down what became of deliveries, unless they were taken from this sender meanwhile."""
    there = world.root.outbox.deliveries
    held = (delivery for delivery in batch if (now := there.get(delivery.number)) and now.sender == sender)
    _amend(world, held)


def _amend(world: World, deliveries: Iterable[Delivery]) -> None:
    transaction = world.begin()
    for delivery in deliveries:
        transaction.amend(delivery)
    world.commit(transaction)
