"""What comes with a request and is to be gone with its answer, though nobody looks for what is in a circle."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem
from mockserver.world.transaction import Transaction
from tests.support.polling import until

GONE_SECONDS = 2.0
PASSING = (Context, Problem, Transaction)


@contextmanager
def nothing_left(*also: type) -> Iterator[None]:
    """Fails when something that a request came through outlives the block: kept by somebody, or by itself."""

    def left() -> dict[str, int]:
        return Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, (*PASSING, *also)))

    gc.disable()
    gc.freeze()
    try:
        yield
        if found := left():
            # Another thread may be about to let go of it.
            until(lambda: not left(), f"{found} is gone", GONE_SECONDS)
    finally:
        gc.unfreeze()
        gc.enable()
