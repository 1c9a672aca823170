"""Changes to stored worlds: jobs wait in line, all that wait are done together, and the store says if they count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from mockserver.exchange import Problem
from mockserver.http.committer import Committer
from mockserver.http.founding import gone, new_id
from mockserver.http.held import Held, Waiting, resolve, run
from mockserver.http.lineup import Lineup
from mockserver.http.patience import all_come
from mockserver.http.shelf import Shelf
from mockserver.http.tending import Tending
from mockserver.stores.store import Change, Store
from mockserver.world.draft import Draft
from mockserver.world.registry import DELETED
from mockserver.world.world import World

T = TypeVar("T")
RETRY = (("Retry-After", "1"),)


class Changing:
    """One change of a world is under way at a time."""

    def __init__(
        self, store: Store, shelf: Shelf, committer: Committer, tending: Tending, now: Callable[[], float]
    ) -> None:
        self._shelf = shelf
        self._committer = committer
        self._tending = tending
        self._lineup = Lineup(store, shelf, committer)
        self._now = now

    async def change(self, held: Held, job: Callable[[World], T]) -> T:
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        held.waiting.append((job, answer))
        if held.task is None or held.task.done():
            held.task = asyncio.get_running_loop().create_task(self._work(held))
        return await answer

    async def take_away(self, held: Held) -> None:
        """In turn, too, where others change it meanwhile."""
        name = held.row.name
        kept = (await self._committer.keep(gone(held.row, DELETED)))[0]
        if not kept and not await self._lineup.in_turn(name, lambda newest: gone(newest.row, DELETED)):
            raise busy(name)
        self._shelf.drop(name)

    def close(self) -> None:
        self._lineup.close()

    async def _work(self, held: Held) -> None:
        """Makes the changes that wait, all that wait at a time, until none does."""
        while held.waiting:
            held.flight = asyncio.get_running_loop().create_future()
            jobs: list[Waiting] = []
            try:
                await self._settle(held, jobs)
            except Exception as error:
                held.hand_over(jobs)
                resolve(jobs, [(False, error)] * len(jobs))
            finally:
                held.flight.set_result(None)
                held.flight = None

    async def _settle(self, held: Held, jobs: list[Waiting]) -> None:
        """Does jobs on the state that is known, unless others are likely to be quicker, and otherwise in turn."""
        if not held.contested:
            await all_come(held.waiting)
            held.hand_over(jobs)
            trial = Trial(held, jobs, self._now())
            if await self._is_kept(trial):
                self._end(trial)
                return
        trials: list[Trial] = []

        def made(newest: Held) -> Change | None:
            # What came while we stood in line goes along.
            held.hand_over(jobs)
            trials.append(Trial(newest, jobs, self._now()))
            return trials[-1].change

        known = held.row.version
        if not await self._lineup.in_turn(held.row.name, made):
            raise busy(held.row.name)
        held.contested = trials[-1].row.version != known
        self._end(trials[-1])

    async def _is_kept(self, trial: Trial) -> bool:
        """Whether the store took what was tried; what changed nothing counts if the world is still as it was."""
        if trial.change is not None:
            return (await self._committer.keep(trial.change))[0]
        standing = await self._shelf.standings.of(trial.row.name)
        return standing is not None and trial.row.is_at(standing)

    def _end(self, trial: Trial) -> None:
        """Tells those who wait, now that the store has it."""
        held, change = trial.held, trial.change
        held.adopt(trial.draft, trial.row if change is None or change.after is None else change.after, trial.line)
        self._shelf.roots.add(trial.line)
        resolve(trial.jobs, trial.outcomes)
        self._tending.after(held)


class Trial:
    """Jobs done on a draft of a world as it is known here, and what the store has to take for them to count."""

    def __init__(self, held: Held, jobs: list[Waiting], now: float) -> None:
        self.held, self.jobs, self.row = held, jobs, held.row
        self.draft = Draft(held.world)
        self.outcomes = run(jobs, self.draft)
        self.change, self.line = held.change(self.draft, now, new_id)


def busy(name: str) -> Problem:
    """The 503 when others were quicker again and again."""
    return Problem(503, f"others change {name} all the time, and nothing was changed; ask again", headers=RETRY)
