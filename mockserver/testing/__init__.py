"""The pytest plugin and the handle that tests hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.testing.calls import Request, Requests
    from mockserver.testing.changes import Change
    from mockserver.testing.clock import MovableClock
    from mockserver.testing.faults import PlannedFault
    from mockserver.testing.handle import MockServer
    from mockserver.testing.live import Live
    from mockserver.testing.snapshot import Snapshot
    from mockserver.testing.state import Records, State

__all__ = [
    "Change",
    "Live",
    "MockServer",
    "MovableClock",
    "PlannedFault",
    "Records",
    "Request",
    "Requests",
    "Snapshot",
    "State",
]

_MODULES = {
    "Change": "changes",
    "Live": "live",
    "MockServer": "handle",
    "MovableClock": "clock",
    "PlannedFault": "faults",
    "Records": "state",
    "Request": "calls",
    "Requests": "calls",
    "Snapshot": "snapshot",
    "State": "state",
}

if not TYPE_CHECKING:  # where types are checked, an unknown name stays an error

    def __getattr__(name: str) -> object:
        """Loads what is asked for: pytest imports this package in every run, also where no test needs it."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
