"""The world's time: the machine's, shifted or frozen on request."""

from __future__ import annotations

import time
from typing import NamedTuple


class Clock(NamedTuple):
    """Either runs beside the machine's clock with `offset` milliseconds, or stands at `frozen`."""

    offset: int = 0
    frozen: int | None = None

    def now(self) -> int:
        """Milliseconds since 1970."""
        if self.frozen is not None:
            return self.frozen
        return time.time_ns() // 1_000_000 + self.offset

    def freeze(self, at: int | None = None) -> Clock:
        """Stands still, at the given milliseconds or at the present moment."""
        return self._replace(frozen=self.now() if at is None else at)

    def advance(self, milliseconds: int) -> Clock:
        if self.frozen is not None:
            return self._replace(frozen=self.frozen + milliseconds)
        return self._replace(offset=self.offset + milliseconds)

    def resume(self) -> Clock:
        """Runs again from where it stands."""
        if self.frozen is None:
            return self
        return Clock(offset=self.frozen - time.time_ns() // 1_000_000)
