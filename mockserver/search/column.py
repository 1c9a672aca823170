"""One field of many documents: which values and words it has, and in which documents each of them stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.documents import plain, words
from mockserver.search.postings import Posting, gathered, packed, spread, union
from mockserver.search.vocabulary import Vocabulary

Json = Any
MOST_PHRASES = 64


class Column:
    """The documents do not change; what is asked for is worked out the first time."""

    def __init__(
        self, size: int, read: Callable[[int], list[Json]], each: Callable[[], Iterable[tuple[int, list[Json]]]]
    ) -> None:
        """What a document has is read, or what `each` of those has that have any, one after another."""
        self._size = size
        self._read = read
        self._each = each
        self._phrases: dict[tuple[str, ...], Bits] = {}

    @cached_property
    def _raws(self) -> Mapping[Json, Posting]:
        """Each value as it stands there; what is no text with its type, for numbers and truths may be equal."""
        found: dict[Json, list[int]] = {}
        for number, values in self._each():
            for value in values:
                key = value if isinstance(value, str) else (type(value), value)
                numbers = found.get(key)
                if numbers is None:
                    found[key] = [number]
                elif numbers[-1] != number:
                    numbers.append(number)
        return {key: packed(numbers, self._size) for key, numbers in found.items()}

    @cached_property
    def _values(self) -> Mapping[str, Posting]:
        """Each value as it is compared."""
        return self._renamed(plain)

    @cached_property
    def texts(self) -> Mapping[str, Posting]:
        """Each value as it is counted."""
        return self._renamed(str)

    @cached_property
    def _tokens(self) -> Mapping[str, Posting]:
        """Each word of a value."""
        parts = ((word, posting) for text, posting in self._values.items() for word in dict.fromkeys(words(text)))
        return gathered(parts, self._size)

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
        found = self._all_values.fitting(pattern, compiled)
        if pattern[:1] == pattern[-1:] == "*":
            # What stands in a word stands in the value, too.
            return found
        return found | self._all_tokens.fitting(pattern, compiled)

    def where(self, holds: Callable[[Json], bool]) -> Bits:
        """The documents in which a value is such a one."""
        return self._union(posting for key, posting in self._raws.items() if holds(_value_of(key)))

    def counted(self, among: Bits) -> Counter[str]:
        """For each value, as a text, in how many of these documents it stands."""
        if among.bit_count() < len(self.texts):
            return Counter(chain.from_iterable(map(self._told.__getitem__, bits.each(among))))
        return Counter({text: count for text in self.texts if (count := self.count(text, among))})

    def count(self, text: str, among: Bits) -> int:
        """In how many of these documents a value is that text."""
        posting = self.texts.get(text, 0)
        if isinstance(posting, list) and len(posting) <= bits.FEW:
            return sum(bits.has(among, number) for number in posting)
        return (self._bits(posting) & among).bit_count()

    def bearing(self, text: str) -> Bits:
        """The documents in which a value is that text, as it is counted."""
        return self._bits(self.texts.get(text, 0))

    def standing(self, among: Bits) -> int:
        """How many values these documents have together, each counted once in a document."""
        return sum(many * (there & among).bit_count() for many, there in self.several.items())

    @cached_property
    def common(self) -> list[tuple[int, str]]:
        """Each value as a text, under the number of documents in which it stands, which is negative: the most first."""
        return sorted((-_size_of(posting), text) for text, posting in self.texts.items())

    @cached_property
    def _told(self) -> list[tuple[str, ...]]:
        """Which values, as texts, each document has."""
        told: list[tuple[str, ...]] = [()] * self._size
        for number, values in self._each():
            told[number] = tuple({str(value) for value in values})
        return told

    @cached_property
    def several(self) -> Mapping[int, Bits]:
        """The documents by how many values they have."""
        found: dict[int, list[int]] = {}
        for number, texts in enumerate(self._told):
            found.setdefault(len(texts), []).append(number)
        return {many: bits.of(numbers, self._size) for many, numbers in found.items()}

    @cached_property
    def _all_values(self) -> Vocabulary:
        return Vocabulary(self._values, self._size)

    @cached_property
    def _all_tokens(self) -> Vocabulary:
        return Vocabulary(self._tokens, self._size)

    def _said(self, number: int) -> str:
        told = (word for value in self._read(number) for word in words(plain(value)))
        return f" {' '.join(told)} "

    def _renamed(self, name: Callable[[Json], str]) -> Mapping[str, Posting]:
        """The values under other names, which some may share."""
        found: dict[str, Posting] = {}
        for key, posting in self._raws.items():
            text = name(_value_of(key))
            found[text] = self._union([found[text], posting]) if text in found else posting
        return found

    def _bits(self, posting: Posting) -> Bits:
        return spread(posting, self._size)

    def _union(self, postings: Iterable[Posting]) -> Bits:
        return union(postings, self._size)


def _value_of(key: Json) -> Json:
    return key[1] if isinstance(key, tuple) else key


def _size_of(posting: Posting) -> int:
    return posting.bit_count() if isinstance(posting, int) else len(posting)
