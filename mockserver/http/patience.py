"""How long a request waits for a store that says nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from mockserver.exchange import Problem

T = TypeVar("T")
# Longer than a store takes to find out by itself that it cannot be reached.
PATIENCE_SECONDS = 10.0
RETRY = (("Retry-After", "1"),)


async def in_time(work: Awaitable[T], unsettled: str = "") -> T:
    """What the work gives; a 503 Problem when that takes too long, with what is then `unsettled`."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work
    except TimeoutError:
        raise Problem(503, f"the store does not answer{unsettled}; ask again", headers=RETRY) from None
