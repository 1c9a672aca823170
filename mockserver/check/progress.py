"""The bar that moves while a check runs; on a stream that is no terminal, one line a phase."""

from __future__ import annotations

from typing import TextIO

WIDTH = 24


class Progress:
    """Draws how far the current phase is."""

    def __init__(self, out: TextIO, *, shown: bool) -> None:
        self._out = out
        self._shown = shown
        self._moves = shown and out.isatty()
        self._phase = ""
        self._done = self._total = 0

    def start(self, phase: str, total: int) -> None:
        """A phase of so many scenarios begins."""
        self._phase, self._done, self._total = phase, 0, max(total, 1)
        self._draw("")

    def step(self, requests: int, findings: int) -> None:
        """One scenario is done; `requests` and `findings` count from the beginning of the run."""
        self._done += 1
        self._draw(_counts(requests, findings))

    def finish(self, requests: int, findings: int, *, skipped: str | None = None) -> None:
        """The phase is over."""
        if not self._shown:
            return
        if self._moves:
            self._out.write("\r\x1b[K")
        self._out.write(f"{self._phase:<9} {f'skipped: {skipped}' if skipped else _counts(requests, findings)}\n")
        self._out.flush()

    def _draw(self, counts: str) -> None:
        if not self._moves:
            return
        # More chains than announced are tried when one is repeated to reproduce a failure.
        filled = WIDTH * min(self._done, self._total) // self._total
        bar = "█" * filled + "░" * (WIDTH - filled)
        self._out.write(f"\r\x1b[K{self._phase:<9} {bar} {min(self._done, self._total)}/{self._total} {counts}")
        self._out.flush()


def _counts(requests: int, findings: int) -> str:
    return f"{requests} request{'s' * (requests != 1)}, {findings} finding{'s' * (findings != 1)}"
