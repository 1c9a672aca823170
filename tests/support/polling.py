"""Waits for what must come to pass, and says so when it does not."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic

from tests.support.live import PATIENCE

PAUSE = 0.01


def until(holds: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Returns as soon as it holds; an AssertionError that names `what` when it has not within `patience` seconds."""
    deadline = monotonic() + patience
    pause = Event()
    while not holds():
        assert monotonic() < deadline, f"{what}: not within {patience:g} seconds"
        pause.wait(PAUSE)
