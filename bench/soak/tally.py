"""What was asked and answered in a run, and what went otherwise than it should."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

FINE = 1.05
MOST_TOLD = 20


@dataclass
class Tally:
    """Counts by kind of request; times are kept in buckets five percent wide, so that a long run takes no more room."""

    answers: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    errors: int = 0
    told: list[str] = field(default_factory=list)
    _times: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def answered(self, kind: str, seconds: float) -> None:
        self.answers[kind] += 1
        self._times[kind][math.ceil(math.log(max(seconds, 1e-6), FINE))] += 1

    def went_wrong(self, what: str) -> None:
        self.errors += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(what)

    def milliseconds(self, kind: str, share: float) -> float:
        """What this share of the answers took at most."""
        times = self._times[kind]
        left = share * times.total()
        for bucket in sorted(times):
            left -= times[bucket]
            if left <= 0:
                break
        return FINE**bucket * 1e3
