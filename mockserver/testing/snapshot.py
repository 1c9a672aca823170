"""A world's state, kept to come back to."""

from __future__ import annotations

from typing import Self
from weakref import finalize

from mockserver.testing.backend import Backend
from mockserver.testing.state import State
from mockserver.world.registry import Source


class Snapshots:
    """The snapshots of one world, each kept as a world of its own until nobody holds it any more."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._kept: set[Backend] = set()
        self._unused: list[Backend] = []

    def take(self) -> Snapshot:
        while self._unused:
            self._drop(self._unused.pop())
        kept = self._backend.fork()
        self._kept.add(kept)
        snapshot = Snapshot(self._backend, kept)
        finalize(snapshot, self._unused.append, kept)
        return snapshot

    def close(self) -> None:
        for kept in tuple(self._kept):
            self._drop(kept)

    def _drop(self, kept: Backend) -> None:
        self._kept.discard(kept)
        kept.close()


class Snapshot:
    """Records, histories, events and clock of one moment; used with `with`, it is restored at the end."""

    def __init__(self, backend: Backend, kept: Backend) -> None:
        self._backend = backend
        self._kept = kept

    @property
    def world(self) -> str:
        """The name of the world that the state is kept in."""
        return self._kept.name

    @property
    def state(self) -> State:
        """The state that was kept."""
        return State(self._backend.served.reader, self._kept.root(), self._backend.url)

    def restore(self) -> None:
        """Back to that moment, as often as it is asked for; requests stay written down, and faults stay set."""
        self._backend.take(Source(self.world))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()
