"""The texts that a field has, in order, to find those that fit a pattern without looking at each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

SPECIAL = re.compile(r"[*?\[]")
BETWEEN = "\0"


class Vocabulary:
    """Sorted texts; patterns are those of `fnmatch`."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted(texts)

    @cached_property
    def _joined(self) -> str:
        return BETWEEN.join(self._texts)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins in the joined one."""
        return [0, *accumulate(len(text) + 1 for text in self._texts)]

    def fitting(self, pattern: str, compiled: re.Pattern[str]) -> Iterator[str]:
        """The texts that fit a pattern, which is given both ways."""
        return filter(compiled.match, self._candidates(pattern))

    def _candidates(self, pattern: str) -> Iterable[str]:
        """The texts that begin as the pattern does, or else those that hold the longest part of it."""
        special = SPECIAL.search(pattern)
        if special is None or special.start() > 0:
            return self._beginning(pattern if special is None else pattern[: special.start()])
        longest = max(SPECIAL.split(pattern), key=len)
        if "[" in pattern or not longest or BETWEEN in longest:
            return self._texts
        return self._holding(longest)

    def _beginning(self, prefix: str) -> list[str]:
        first = bisect_left(self._texts, prefix)
        return self._texts[first : bisect_right(self._texts, prefix, first, key=lambda text: text[: len(prefix)])]

    def _holding(self, part: str) -> Iterator[str]:
        at = self._joined.find(part)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield self._texts[number]
            at = self._joined.find(part, self._starts[number + 1])
