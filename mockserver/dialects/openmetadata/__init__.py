"""OpenMetadata's manners: names, references, change descriptions, versions, policies."""

from __future__ import annotations

from types import ModuleType

from mockserver.later import later


def __getattr__(name: str) -> ModuleType:
    return later(__name__, name)
