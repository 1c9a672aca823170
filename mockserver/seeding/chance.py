"""Chance that falls the same for the same seed, on every machine and with every release of Python."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Built on `Random.random` alone, the one method whose results Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, and without, the limit."""
        return int(self.random() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        return values[int(self.random() * len(values))]

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """Different ones of the values, in no order; all of them when there are no more."""
        if count >= len(values):
            return list(values)
        if count * 3 > len(values):
            pool = list(values)
            return [pool.pop(self.below(len(pool))) for _ in range(count)]
        taken: dict[int, T] = {}
        while len(taken) < count:
            at = self.below(len(values))
            taken[at] = values[at]
        return list(taken.values())
