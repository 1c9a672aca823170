"""How long is waited: by a request for a store that says nothing at all, and by who looks for what is to come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mockserver.exchange import Problem

T = TypeVar("T")
# Longer than a store takes to find out by itself that it cannot be reached.
PATIENCE_SECONDS = 10.0
RETRY = (("Retry-After", "1"),)
PAUSE_SECONDS = 0.01


async def in_time(work: Awaitable[T], unsettled: str = "") -> T:
    """What the work gives; a 503 Problem when that takes too long, with what is then `unsettled`."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work
    except TimeoutError:
        raise Problem(503, f"the store does not answer{unsettled}; ask again", headers=RETRY) from None


def looked_for(find: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    """What is found once it is enough, or when the time is over."""
    until = time.monotonic() + seconds
    while not enough(found := find()) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
    return found
