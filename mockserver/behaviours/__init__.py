"""The verbs that operations do: pure functions from a call and a world to an answer."""

from __future__ import annotations

from types import ModuleType

from mockserver.later import later


def __getattr__(name: str) -> ModuleType:
    return later(__name__, name)
