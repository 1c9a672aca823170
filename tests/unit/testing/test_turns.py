"""Turns at a world: stretches never meet, waiting holds nobody up, and what is thrown arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Event, RLock
from typing import Any

import pytest

from mockserver.http.turns import Turns
from mockserver.http.wire import ASGIApp

PATIENCE = 60.0


def test_stretches_of_two_threads_never_meet() -> None:
    meeting = Barrier(2)

    async def body() -> None:
        meeting.wait(0.2)

    turns = Turns(application(body), RLock())
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(asyncio.run, called(turns)) for _ in range(2)]
        for run in runs:
            with pytest.raises(BrokenBarrierError):
                run.result()


def test_one_that_waits_holds_nobody_up() -> None:
    lock, waiting, passed = RLock(), Event(), Event()

    async def patient() -> None:
        waiting.set()
        await asyncio.to_thread(passed.wait, PATIENCE)

    async def quick() -> None:
        passed.set()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(asyncio.run, called(Turns(application(patient), lock)))
        assert waiting.wait(PATIENCE)
        asyncio.run(called(Turns(application(quick), lock)))
        first.result(PATIENCE)


def test_a_cancellation_reaches_the_application() -> None:
    told: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            await asyncio.to_thread(told.append, "cleaned up")
            raise

    async def impatient() -> None:
        async with asyncio.timeout(0.01):
            await called(Turns(application(stubborn), RLock()))

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert told == ["cancelled", "cleaned up"]


def test_an_error_comes_through_and_the_turn_ends() -> None:
    lock = RLock()

    async def broken() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        asyncio.run(called(Turns(application(broken), lock)))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lock.acquire, timeout=PATIENCE).result()


def application(body: Callable[[], Awaitable[None]]) -> ASGIApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await body()

    return app


async def called(app: ASGIApp) -> None:
    await app({}, _nothing, _nothing)


async def _nothing(*_: Any) -> Any:
    return {}
