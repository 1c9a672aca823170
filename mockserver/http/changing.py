"""Changes to stored worlds: jobs wait in line, all that wait are done together, and the store says if they count."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TypeVar

from mockserver.exchange import Problem
from mockserver.http.committer import Committer
from mockserver.http.founding import new_id
from mockserver.http.held import Held, Waiting, resolve, run
from mockserver.http.shelf import Shelf
from mockserver.http.tending import Tending
from mockserver.world.draft import Draft
from mockserver.world.world import World

T = TypeVar("T")
MOST_ATTEMPTS = 30
LONGEST_PAUSE = 0.02
RETRY = (("Retry-After", "1"),)


class Changing:
    """One change of a world is under way at a time."""

    def __init__(self, shelf: Shelf, committer: Committer, tending: Tending, now: Callable[[], float]) -> None:
        self._shelf = shelf
        self._committer = committer
        self._tending = tending
        self._now = now

    async def change(self, held: Held, job: Callable[[World], T]) -> T:
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue(held, [(job, answer)])
        return await answer

    def _queue(self, held: Held, jobs: list[Waiting]) -> None:
        held.waiting += jobs
        if held.task is None or held.task.done():
            held.task = asyncio.get_running_loop().create_task(self._work(held))

    async def _work(self, held: Held) -> None:
        """Makes the changes that wait, all that wait at a time, until none does."""
        while held.waiting:
            jobs, held.waiting = held.waiting, []
            held.flight = asyncio.get_running_loop().create_future()
            try:
                await self._settle(held, jobs)
            except Exception as error:
                resolve(jobs, [(False, error)] * len(jobs))
            finally:
                held.flight.set_result(None)
                held.flight = None

    async def _settle(self, held: Held, jobs: list[Waiting]) -> None:
        """Does jobs on the state that is known, and again on a newer one for as long as others were quicker."""
        name = held.row.name
        for attempt in range(MOST_ATTEMPTS):
            row, draft = held.row, Draft(held.world)
            outcomes = run(jobs, draft)
            change, line = held.change(draft, self._now(), new_id)
            if change is None:
                standing = await self._shelf.standings.of(name)
                settled = standing is not None and row.is_at(standing)
            else:
                settled = (await self._committer.keep(change))[0]
            if settled:
                held.adopt(draft, row if change is None or change.after is None else change.after, line)
                self._shelf.roots.add(line)
                resolve(jobs, outcomes)
                self._tending.after(held)
                return
            newer = await self._shelf.load(name)
            if newer is not held:
                self._queue(newer, jobs)
                return
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE) * attempt / MOST_ATTEMPTS)
        raise busy(name)


def busy(name: str) -> Problem:
    """The 503 when others were quicker again and again."""
    return Problem(503, f"others change {name} all the time, and nothing was changed; ask again", headers=RETRY)
