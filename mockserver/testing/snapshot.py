"""A world's state, kept to come back to."""

from __future__ import annotations

from typing import Self

from mockserver.http.turns import Lock
from mockserver.testing.state import Reader, State
from mockserver.world.world import World


class Snapshot:
    """Records, histories, events and clock of one moment; used with `with`, it is restored at the end."""

    def __init__(self, world: World, lock: Lock, reader: Reader) -> None:
        self._world = world
        self._lock = lock
        self._reader = reader
        self._root = world.root

    @property
    def state(self) -> State:
        """The state that was kept."""
        return State(self._reader, self._root)

    def restore(self) -> None:
        """Back to that moment, as often as it is asked for; requests stay written down, and faults stay set."""
        with self._lock:
            self._world.become(self._root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()
