"""How long is waited: by a request for a store that says nothing at all, and by who looks for what is to come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sized
from typing import TypeVar

from mockserver.exchange import Problem

T = TypeVar("T")
# Longer than a store takes to find out by itself that it cannot be reached.
PATIENCE_SECONDS = 10.0
RETRY = (("Retry-After", "1"),)
PAUSE_SECONDS = 0.01
# So many rounds of an event loop are waited for what comes at the same time.
MOST_ROUNDS = 4


async def in_time(work: Awaitable[T], unsettled: str = "") -> T:
    """What the work gives; a 503 Problem when that takes too long, with what is then `unsettled`."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work
    except TimeoutError:
        raise Problem(503, f"the store does not answer{unsettled}; ask again", headers=RETRY) from None


async def all_come(waiting: Sized) -> None:
    """Lets those come who are at the door: one question is asked for all of them."""
    for _ in range(MOST_ROUNDS):
        before = len(waiting)
        await asyncio.sleep(0)
        if len(waiting) == before:
            return


def looked_for(find: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    """What is found once it is enough, or when the time is over."""
    until = time.monotonic() + seconds
    while not enough(found := find()) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
    return found
