"""One field of many documents: which values and words it has, and in which documents each of them stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.documents import plain, words
from mockserver.search.vocabulary import Vocabulary

Json = Any
# In which documents something stands: their numbers while they are few, or all of them as bits.
Posting = list[int] | Bits
SPARSE = 64
MOST_PHRASES = 64


class Column:
    """The documents do not change; what is asked for is worked out the first time."""

    def __init__(self, size: int, read: Callable[[int], list[Json]]) -> None:
        self._size = size
        self._read = read
        self._phrases: dict[tuple[str, ...], Bits] = {}

    @cached_property
    def _raws(self) -> Mapping[tuple[type, Json], Posting]:
        """Each value as it stands there."""
        found: dict[tuple[type, Json], list[int]] = {}
        read = self._read
        for number in range(self._size):
            for value in read(number):
                key = (type(value), value)
                numbers = found.get(key)
                if numbers is None:
                    found[key] = [number]
                elif numbers[-1] != number:
                    numbers.append(number)
        return self._packed(found)

    @cached_property
    def _values(self) -> Mapping[str, Posting]:
        """Each value as it is compared."""
        return self._renamed(plain)

    @cached_property
    def _texts(self) -> Mapping[str, Posting]:
        """Each value as it is counted."""
        return self._renamed(str)

    @cached_property
    def _tokens(self) -> Mapping[str, Posting]:
        """Each word of a value."""
        few: dict[str, list[int]] = {}
        many: dict[str, Bits] = {}
        for text, posting in self._values.items():
            for word in dict.fromkeys(words(text)):
                if isinstance(posting, int):
                    many[word] = many.get(word, 0) | posting
                else:
                    few.setdefault(word, []).extend(posting)
        packed = self._packed({word: sorted(set(numbers)) for word, numbers in few.items()})
        return packed | {word: there | self._bits(packed.get(word, 0)) for word, there in many.items()}

    @cached_property
    def present(self) -> Bits:
        """The documents in which the field has a value."""
        return self._union(self._raws.values())

    def equal(self, text: str) -> Bits:
        """The documents in which this is a value, as it is compared."""
        return self._bits(self._values.get(text, 0))

    def holding(self, word: str) -> Bits:
        """The documents in which this is a word of a value."""
        return self._bits(self._tokens.get(word, 0))

    def saying(self, phrase: tuple[str, ...]) -> Bits:
        """The documents in which these words stand side by side."""
        found = self._phrases.get(phrase)
        if found is None:
            found = self.holding(phrase[0])
            for word in phrase[1:]:
                found &= self.holding(word)
            if len(phrase) > 1:
                wanted = f" {' '.join(phrase)} "
                found = bits.of([number for number in bits.each(found) if wanted in self._said(number)], self._size)
            if len(self._phrases) >= MOST_PHRASES:
                self._phrases.clear()
            self._phrases[phrase] = found
        return found

    def fitting(self, pattern: str, compiled: re.Pattern[str]) -> Bits:
        """The documents in which a value, or a word of one, fits a pattern, which is given both ways."""
        values = [self._values[text] for text in self._all_values.fitting(pattern, compiled)]
        return self._union([*values, *(self._tokens[word] for word in self._all_tokens.fitting(pattern, compiled))])

    def where(self, holds: Callable[[Json], bool]) -> Bits:
        """The documents in which a value is such a one."""
        return self._union(posting for (_, value), posting in self._raws.items() if holds(value))

    def counted(self, among: Bits) -> Counter[str]:
        """For each value, as a text, in how many of these documents it stands."""
        if among.bit_count() < len(self._texts):
            return Counter(text for number in bits.each(among) for text in {str(value) for value in self._read(number)})
        texts = self._texts.items()
        return Counter({text: count for text, each in texts if (count := (self._bits(each) & among).bit_count())})

    @cached_property
    def _all_values(self) -> Vocabulary:
        return Vocabulary(self._values)

    @cached_property
    def _all_tokens(self) -> Vocabulary:
        return Vocabulary(self._tokens)

    def _said(self, number: int) -> str:
        told = (word for value in self._read(number) for word in words(plain(value)))
        return f" {' '.join(told)} "

    def _renamed(self, name: Callable[[Json], str]) -> Mapping[str, Posting]:
        """The values under other names, which some may share."""
        found: dict[str, Posting] = {}
        for (_, value), posting in self._raws.items():
            text = name(value)
            found[text] = self._union([found[text], posting]) if text in found else posting
        return found

    def _packed(self, found: Mapping[Any, list[int]]) -> dict[Any, Posting]:
        limit = self._size // SPARSE
        return {key: numbers if len(numbers) <= limit else self._bits(numbers) for key, numbers in found.items()}

    def _bits(self, posting: Posting) -> Bits:
        return posting if isinstance(posting, int) else bits.of(posting, self._size)

    def _union(self, postings: Iterable[Posting]) -> Bits:
        found = 0
        few: list[int] = []
        for posting in postings:
            if isinstance(posting, int):
                found |= posting
            else:
                few += posting
        return found | bits.of(few, self._size)
