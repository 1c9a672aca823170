"""The verbs that operations do: pure functions from a call and a world to an answer."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from mockserver.later import later

# A check of types sees the modules themselves, and finds names that none has.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> ModuleType:
        return later(__name__, name)
