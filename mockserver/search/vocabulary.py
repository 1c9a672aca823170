"""The texts that a field has, in order, to find where those stand that fit a pattern without looking at each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, starmap
from typing import NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.postings import Posting, gathered, union
from mockserver.search.tails import Tails

SPECIAL = re.compile(r"[*?\[]")
# What texts that stand side by side have together is kept by so many of them.
BLOCK = 512


class Block(NamedTuple):
    """Texts that stand side by side, from the first to the one before the last, and what all of them begin with."""

    first: int
    last: int
    head: str


class Vocabulary:
    """Texts with the documents in which each stands; patterns are those of `fnmatch`."""

    def __init__(self, postings: Mapping[str, Posting], size: int) -> None:
        self._size = size
        self._texts = sorted(postings)
        self._postings = [postings[text] for text in self._texts]
        self._unions: dict[int, Bits] = {}

    def fitting(self, pattern: str, compiled: re.Pattern[str]) -> Bits:
        """The documents with a text that fits a pattern, which is given both ways."""
        special = SPECIAL.search(pattern)
        prefix = pattern if special is None else pattern[: special.start()]
        if special is None or prefix:
            first, last = self._beginning(prefix, 0, len(self._texts))
            if pattern == f"{prefix}*":
                return self._between(first, last)
            return self._matching(range(first, last), compiled)
        longest = "" if "[" in pattern else max(SPECIAL.split(pattern), key=len)
        if longest and pattern == f"*{longest}*":
            return self._tails.holding(longest) | self._all_between(self._holding(longest))
        if longest and pattern == f"*{longest}":
            return self._tails.closing(longest) | self._all_between(self._closing(longest))
        return self._matching(self._numbers(longest), compiled)

    @cached_property
    def _blocks(self) -> list[Block]:
        ends = ((first, min(first + BLOCK, len(self._texts))) for first in range(0, len(self._texts), BLOCK))
        return [Block(first, last, _shared(self._texts[first], self._texts[last - 1])) for first, last in ends]

    @cached_property
    def _tails(self) -> Tails:
        """What the texts have behind the heads of their blocks: there is less of it, and more of it is alike."""
        return self._tailed(self._postings, self._size)

    @cached_property
    def _numbered(self) -> Tails:
        """The same with the numbers of the texts."""
        return self._tailed([[number] for number in range(len(self._texts))], len(self._texts))

    def _tailed(self, postings: Sequence[Posting], size: int) -> Tails:
        tails = (
            (text[len(head) :], posting)
            for first, last, head in self._blocks
            for text, posting in zip(self._texts[first:last], postings[first:last], strict=True)
        )
        return Tails(gathered(tails, size), size)

    def _numbers(self, part: str) -> Iterable[int]:
        """The texts in which a part stands; all when there is none."""
        if not part:
            return range(len(self._texts))
        return {
            *bits.each(self._numbered.holding(part)),
            *chain.from_iterable(starmap(range, self._holding(part))),
        }

    def _matching(self, numbers: Iterable[int], compiled: re.Pattern[str]) -> Bits:
        texts, postings = self._texts, self._postings
        return union((postings[number] for number in numbers if compiled.match(texts[number])), self._size)

    def _holding(self, part: str) -> Iterator[tuple[int, int]]:
        """From where to where texts hold a part that begins in the head of their block."""
        for first, last, head in self._blocks:
            if part in head:
                yield first, last
                continue
            for taken in _taken(head, part[:-1]):
                yield self._beginning(head + part[taken:], first, last)

    def _closing(self, part: str) -> Iterator[tuple[int, int]]:
        """From where to where texts end with a part that begins in the head of their block."""
        for first, last, head in self._blocks:
            for taken in _taken(head, part):
                text = head + part[taken:]
                yield bisect_left(self._texts, text, first, last), bisect_right(self._texts, text, first, last)

    def _beginning(self, prefix: str, start: int, stop: int) -> tuple[int, int]:
        """The first text that begins so, and the one behind the last."""
        first = bisect_left(self._texts, prefix, start, stop)
        return first, bisect_right(self._texts, prefix, first, stop, key=lambda text: text[: len(prefix)])

    def _all_between(self, parts: Iterable[tuple[int, int]]) -> Bits:
        found = 0
        for first, last in parts:
            if first < last:
                found |= self._between(first, last)
        return found

    def _between(self, first: int, last: int) -> Bits:
        """The documents of all texts from one to the one before another."""
        whole = range(-(-first // BLOCK), last // BLOCK)
        if not whole:
            return union(self._postings[first:last], self._size)
        found = union(self._postings[first : whole.start * BLOCK], self._size)
        for block in whole:
            found |= self._union(block)
        return found | union(self._postings[whole.stop * BLOCK : last], self._size)

    def _union(self, at: int) -> Bits:
        found = self._unions.get(at)
        if found is None:
            there = self._postings[at * BLOCK : (at + 1) * BLOCK]
            found = self._unions[at] = union(there, self._size)
        return found


def _taken(head: str, part: str) -> Iterator[int]:
    """With how many characters of a part a head ends."""
    if head[-1:] not in part:
        return
    for count in range(1, min(len(head), len(part)) + 1):
        if head.endswith(part[:count]):
            yield count


def _shared(one: str, other: str) -> str:
    """What two texts begin with, and so does every one that is between them."""
    return one[: next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))]
