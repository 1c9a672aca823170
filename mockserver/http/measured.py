"""A store that tells how long its calls take, and how many changes came too late."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from mockserver.stores.store import Note, Store

CALLS = (
    *("apply", "standings", "rows", "gone", "lineage"),
    *("keep", "make_whole", "collect", "touch", "next_number"),
)
# What is no call that anybody waits for, or waits in line.
REST = ("instant", "in_turn", "courier", "exchange", "close")


def measured(store: Store, note: Note) -> Store:
    """The same store, whose calls are noted."""
    calls = {name: _timed(name, getattr(store, name), note) for name in CALLS}
    rest = {name: getattr(store, name) for name in REST}
    return cast("Store", SimpleNamespace(**calls, **rest, note=note))


def _timed(name: str, call: Callable[..., Any], note: Note) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        outcome: Any = None
        started = time.perf_counter()
        try:
            outcome = call(*arguments)
        finally:
            late = outcome.count(False) if name == "apply" and outcome is not None else 0
            note(name, time.perf_counter() - started, late)
        return outcome

    return timed
