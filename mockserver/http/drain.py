"""How a server goes: it says so, goes on for a while, and closes connections only when nobody is about to use them."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Collection, Iterable, Iterator

# How long a connection that nothing is asked on is kept, for a request that may be on its way already.
LINGER_SECONDS = 0.5
PAUSE_SECONDS = 0.01


class Drain:
    """`seconds` for which requests go on being answered, so that whoever sends them learns to send them elsewhere."""

    def __init__(self, seconds: float = 0.0, linger: float = LINGER_SECONDS) -> None:
        self._seconds = seconds
        self._linger = linger
        self._ends: float | None = None

    @property
    def begun(self) -> bool:
        return self._ends is not None

    @property
    def over(self) -> bool:
        """Whether the time has come to refuse new connections."""
        return self._ends is not None and time.monotonic() >= self._ends

    def begin(self) -> None:
        self._ends = time.monotonic() + self._seconds

    async def objection(self) -> str | None:
        """For the probe that asks whether requests should be sent here."""
        return "the server is about to stop" if self.begun else None

    async def linger(self, connections: Collection[object]) -> None:
        """Waits until the connections are gone, or have been left alone for long enough."""
        until = time.monotonic() + self._linger
        while connections and time.monotonic() < until:
            await asyncio.sleep(PAUSE_SECONDS)


def waiting(listeners: Iterable[socket.socket]) -> Iterator[socket.socket]:
    """The connections that were made and not yet taken; closing the listener would reset them."""
    for listener in listeners:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                break
            connection.setblocking(False)
            yield connection
