"""An immutable sorted sequence of keys, so that a list page is cut out of it and an insertion copies one block only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# Ends in the record's name and id; what it is sorted by may stand before them.
Key = tuple[Any, ...]
BLOCK = 256


@dataclass(frozen=True, slots=True)
class SortedKeys:
    """Keys in order, in blocks of at most 2 * BLOCK keys."""

    blocks: tuple[tuple[Key, ...], ...] = ()
    size: int = 0

    @classmethod
    def of(cls, keys: Iterable[Key]) -> SortedKeys:
        return cls.in_order(sorted(set(keys)))

    @classmethod
    def in_order(cls, keys: Iterable[Key]) -> SortedKeys:
        """Of keys that are in order already, none of them twice."""
        ordered = list(keys)
        blocks = tuple(tuple(ordered[at : at + BLOCK]) for at in range(0, len(ordered), BLOCK))
        return cls(blocks, len(ordered))

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Key]:
        for block in self.blocks:
            yield from block

    def _block(self, key: Key) -> int:
        """Index of the block that holds the key or would take it."""
        low, high = 0, len(self.blocks) - 1
        while low < high:
            middle = (low + high) // 2
            if self.blocks[middle][-1] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def insert(self, key: Key) -> SortedKeys:
        if not self.blocks:
            return SortedKeys(((key,),), 1)
        index = self._block(key)
        block = self.blocks[index]
        at = bisect_left(block, key)
        if at < len(block) and block[at] == key:
            return self
        grown = (*block[:at], key, *block[at:])
        parts = (grown,) if len(grown) <= 2 * BLOCK else (grown[:BLOCK], grown[BLOCK:])
        return SortedKeys((*self.blocks[:index], *parts, *self.blocks[index + 1 :]), self.size + 1)

    def remove(self, key: Key) -> SortedKeys:
        if not self.blocks:
            return self
        index = self._block(key)
        block = self.blocks[index]
        at = bisect_left(block, key)
        if at == len(block) or block[at] != key:
            return self
        rest = (*block[:at], *block[at + 1 :])
        parts = (rest,) if rest else ()
        return SortedKeys((*self.blocks[:index], *parts, *self.blocks[index + 1 :]), self.size - 1)

    def after(self, key: Key | None) -> Iterator[Key]:
        """The keys behind this one, first to last; all of them for None."""
        if not self.blocks:
            return
        start = 0 if key is None else self._block(key)
        at = 0 if key is None else bisect_right(self.blocks[start], key)
        yield from self.blocks[start][at:]
        for block in self.blocks[start + 1 :]:
            yield from block

    def before(self, key: Key) -> Iterator[Key]:
        """The keys in front of this one, last to first."""
        if not self.blocks:
            return
        start = self._block(key)
        yield from reversed(self.blocks[start][: bisect_left(self.blocks[start], key)])
        for block in reversed(self.blocks[:start]):
            yield from reversed(block)
