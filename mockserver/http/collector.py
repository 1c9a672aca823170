"""What the garbage collector has to do with a server, whose contract and seeds live long and are large."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

OLDEST = 2


def spare() -> None:
    """Takes what was loaded out of the collector's rounds, and has it come round less often.

    Contract and seeds live as long as the process, and requests leave next to no cycles behind. So does what is
    worked out of them: what is still there after a full round, such as the index of a search, is in none that follows.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    if settle not in gc.callbacks:
        gc.callbacks.append(settle)


def settle(phase: str, told: Mapping[str, Any]) -> None:
    """What the collector calls before and after each of its rounds."""
    if phase == "stop" and told["generation"] == OLDEST:
        gc.freeze()


def take_back() -> None:
    """Frees what was loaded before and is served no more: it refers to itself, and was out of all rounds."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _trim()


def _trim() -> None:
    """Gives the system what reading a contract took: glibc keeps it for itself otherwise, a little more each time."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
