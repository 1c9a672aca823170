"""The texts that a field has, in order, to find where those stand that fit a pattern without looking at each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate, repeat

from mockserver.search.bits import Bits
from mockserver.search.postings import Posting, union

SPECIAL = re.compile(r"[*?\[]")
BETWEEN = "\0"
# What texts that stand side by side have together is kept by so many of them.
BLOCK = 512


class Vocabulary:
    """Texts with the documents in which each stands; patterns are those of `fnmatch`."""

    def __init__(self, postings: Mapping[str, Posting], size: int) -> None:
        self._size = size
        self._texts = sorted(postings)
        self._postings = [postings[text] for text in self._texts]
        self._blocks: dict[int, Bits] = {}

    def fitting(self, pattern: str, compiled: re.Pattern[str]) -> Bits:
        """The documents with a text that fits a pattern, which is given both ways."""
        special = SPECIAL.search(pattern)
        prefix = pattern if special is None else pattern[: special.start()]
        if special is None or prefix:
            first, last = self._beginning(prefix)
            if pattern == f"{prefix}*":
                return self._between(first, last)
            return self._matching(range(first, last), compiled)
        longest = max(SPECIAL.split(pattern), key=len)
        if "[" in pattern or not longest or BETWEEN in longest:
            return self._matching(range(len(self._texts)), compiled)
        if pattern == f"*{longest}*":
            return union((self._postings[number] for number in self._holding(longest)), self._size)
        return self._matching(self._holding(longest), compiled)

    @cached_property
    def _joined(self) -> str:
        return BETWEEN.join(self._texts)

    def _matching(self, numbers: Iterable[int], compiled: re.Pattern[str]) -> Bits:
        texts, postings = self._texts, self._postings
        return union((postings[number] for number in numbers if compiled.match(texts[number])), self._size)

    def _beginning(self, prefix: str) -> tuple[int, int]:
        """The first text that begins so, and the one behind the last."""
        first = bisect_left(self._texts, prefix)
        return first, bisect_right(self._texts, prefix, first, key=lambda text: text[: len(prefix)])

    def _between(self, first: int, last: int) -> Bits:
        """The documents of all texts from one to the one before another."""
        whole = range(-(-first // BLOCK), last // BLOCK)
        if not whole:
            return union(self._postings[first:last], self._size)
        found = union(self._postings[first : whole.start * BLOCK], self._size)
        for block in whole:
            found |= self._block(block)
        return found | union(self._postings[whole.stop * BLOCK : last], self._size)

    def _block(self, at: int) -> Bits:
        found = self._blocks.get(at)
        if found is None:
            there = self._postings[at * BLOCK : (at + 1) * BLOCK]
            found = self._blocks[at] = union(there, self._size)
        return found

    def _holding(self, part: str) -> set[int]:
        """The texts in which something stands: what is between two places says how many texts are."""
        *pieces, _ = self._joined.split(part)
        return set(accumulate(map(str.count, pieces, repeat(BETWEEN))))
