"""Documents by what one of their fields begins with."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.postings import Posting

Json = Any
Key = tuple[float, str]
# Neighbours are kept together, about so many of them, so that those that are not wanted are passed by at once.
TOGETHER = 256


class Block(NamedTuple):
    """Steps that follow on each other, and the documents that are on them."""

    first: int
    last: int
    there: Bits


class Order:
    """The keys, the smallest first, are steps; a document stands on one of them."""

    def __init__(self, keys: Mapping[int, Key], size: int) -> None:
        """The key of each document; those without one are not in the order."""
        self.keys: list[Key] = sorted(set(keys.values()))
        steps = {key: step for step, key in enumerate(self.keys)}
        self.steps = array("I", bytes(4 * size))
        found: list[list[int]] = [[] for _ in self.keys]
        for number, key in keys.items():
            step = self.steps[number] = steps[key]
            found[step].append(number)
        self.blocks = list(_blocked(found, size))
        self._lasts = [block.last for block in self.blocks]

    def block(self, step: int) -> int:
        """The block that a step belongs to."""
        return bisect_left(self._lasts, step)


def _blocked(found: list[list[int]], size: int) -> Iterator[Block]:
    first, together = 0, list[int]()
    for step, numbers in enumerate(found):
        if together and len(together) + len(numbers) > TOGETHER:
            yield Block(first, step - 1, bits.of(together, size))
            first, together = step, []
        together += numbers
    if together:
        yield Block(first, len(found) - 1, bits.of(together, size))


class Run:
    """Some of the documents of an order, which are gone through one way."""

    def __init__(self, order: Order, there: Bits, *, falling: bool) -> None:
        self.order = order
        self.falling = falling
        self._there = there
        self._passed: list[int] | None = None

    def passed(self, block: int) -> int:
        """How many come before a block; for the one behind the last, how many there are."""
        if self._passed is None:
            counts = [(each.there & self._there).bit_count() for each in self._in_turn(self.order.blocks)]
            self._passed = [0, *accumulate(counts)]
        return self._passed[block]

    def heads(self) -> list[Key]:
        """The key that each block begins with."""
        ends = (each.last if self.falling else each.first for each in self._in_turn(self.order.blocks))
        return [self.order.keys[step] for step in ends]

    def before(self, key: Key) -> int:
        """How many come before a key."""
        order = self.order
        step = bisect_right(order.keys, key) - 1 if self.falling else bisect_left(order.keys, key)
        if not 0 <= step < len(order.keys):
            return self.passed(len(order.blocks))
        at = order.block(step)
        block = order.blocks[at]
        counted = self.passed(len(order.blocks) - 1 - at if self.falling else at)
        if step == (block.last if self.falling else block.first):
            return counted
        steps = (order.steps[number] for number in bits.each(block.there & self._there))
        return counted + sum(each > step if self.falling else each < step for each in steps)

    def groups(self, key: Key | None, *, beyond: bool) -> Iterator[tuple[Key, Posting]]:
        """The documents by their keys, from one on, or from what is beyond it."""
        order = self.order
        if self.falling:
            last = len(order.keys) - 1
            if key is not None:
                last = (bisect_left if beyond else bisect_right)(order.keys, key) - 1
            first, start = 0, len(order.blocks) - 1 - order.block(max(last, 0))
        else:
            first, last = 0, len(order.keys) - 1
            if key is not None:
                first = (bisect_right if beyond else bisect_left)(order.keys, key)
            start = order.block(first)
        for block in self._in_turn(order.blocks)[start:]:
            if there := block.there & self._there:
                yield from self._within(block, there, first, last)

    def _within(self, block: Block, there: Bits, first: int, last: int) -> Iterator[tuple[Key, Posting]]:
        keys, steps = self.order.keys, self.order.steps
        if block.first == block.last:
            if first <= block.first <= last:
                yield keys[block.first], there
            return
        numbers = sorted(bits.each(there), key=steps.__getitem__, reverse=self.falling)
        for step, group in groupby(numbers, key=steps.__getitem__):
            if first <= step <= last:
                yield keys[step], list(group)

    def _in_turn(self, blocks: list[Block]) -> list[Block]:
        return blocks[::-1] if self.falling else blocks


def key_of(values: list[Json]) -> Key:
    """What a field is ordered by: numbers by themselves, everything else as a text without upper case."""
    value = values[0] if values else ""
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value).casefold())
