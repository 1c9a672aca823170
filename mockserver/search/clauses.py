"""What a query is made of, whichever language it was written in, and how well a document answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from operator import mul
from typing import Any, Protocol

from mockserver.search.documents import WEIGHTS, Document, words

Json = Any
EXACT, NEAR = 2.0, 1.0


class Clause(Protocol):
    """A part of a query: its score for a document, zero when it does not match."""

    def score(self, document: Document) -> float: ...


@dataclass(frozen=True)
class Everything:
    """Matches every document alike."""

    def score(self, document: Document) -> float:
        return 1.0


@dataclass(frozen=True)
class Text:
    """Words in a field, or in any of the searched ones; a `phrase` wants them side by side, `exact` the whole value."""

    text: str
    fields: tuple[str, ...] = ()
    phrase: bool = False
    exact: bool = False
    boost: float = 1.0
    every: bool = True

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        return words(self.text)

    def score(self, document: Document) -> float:
        found = [self._in(document, name) for name in self.fields or WEIGHTS]
        return self.of(found)

    def of(self, found: Sequence[float]) -> float:
        """The score of a document in whose fields so much was found, each in its turn."""
        if not any(found):
            return 0.0
        if self.fields:
            return self.boost * max(found)
        return float(self.boost * sum(map(mul, WEIGHTS.values(), found)))

    def _in(self, document: Document, name: str) -> float:
        values = document.values(name)
        if not values:
            return 0.0
        text = self.text.casefold()
        if any(value == text for value in values):
            return EXACT
        if self.exact or not self.wanted:
            return 0.0
        tokens = document.tokens(name)
        if self.phrase:
            return NEAR if f" {' '.join(self.wanted)} " in f" {' '.join(tokens)} " else 0.0
        found = set(tokens)
        return self.share(sum(word in found for word in self.wanted))

    def share(self, hits: int) -> float:
        """What a field is worth that holds so many of the words."""
        if hits == len(self.wanted) or (hits and not self.every):
            return NEAR * hits / len(self.wanted)
        return 0.0


@dataclass(frozen=True)
class Pattern:
    """A value, or a word of one, that fits a pattern with `*` and `?`."""

    pattern: str
    fields: tuple[str, ...] = ()
    boost: float = 1.0

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(translate(self.pattern.casefold()))

    def score(self, document: Document) -> float:
        for name in self.fields or WEIGHTS:
            if any(map(self.compiled.match, (*document.values(name), *document.tokens(name)))):
                return self.boost
        return 0.0


@dataclass(frozen=True)
class Range:
    """Numbers, or texts, between bounds; `gte` and `lte` are bounds that count."""

    name: str
    bounds: tuple[tuple[str, Json], ...]

    def score(self, document: Document) -> float:
        return float(any(map(self.holds, document.raw(self.name))))

    def holds(self, value: Json) -> bool:
        """Whether a value is between the bounds."""
        return all(self._holds(value, *bound) for bound in self.bounds)

    @staticmethod
    def _holds(value: Json, word: str, bound: Json) -> bool:
        left, right = _number(value), _number(bound)
        pair = (str(value).casefold(), str(bound).casefold()) if left is None or right is None else (left, right)
        one: Any = pair[0]
        other: Any = pair[1]
        if word == "gt":
            return bool(one > other)
        if word == "gte":
            return bool(one >= other)
        return bool(one < other) if word == "lt" else bool(one <= other)


@dataclass(frozen=True)
class Exists:
    """Any value in a field."""

    name: str

    def score(self, document: Document) -> float:
        return float(bool(document.raw(self.name)))


@dataclass(frozen=True)
class Bool:
    """All of `must`, none of `never`, and at least so many of `should`."""

    must: Sequence[Clause] = ()
    should: Sequence[Clause] = ()
    never: Sequence[Clause] = ()
    fewest: int = 0
    silent: Sequence[Clause] = ()

    def score(self, document: Document) -> float:
        total = 0.0
        for clause in self.must:
            found = clause.score(document)
            if not found:
                return 0.0
            total += found
        if any(clause.score(document) for clause in self.never):
            return 0.0
        if not all(clause.score(document) for clause in self.silent):
            return 0.0
        return self.of(total, [found for clause in self.should if (found := clause.score(document))])

    def of(self, total: float, scores: Sequence[float]) -> float:
        """The score of what has all it must, is none of what it may never, and has these of what it should."""
        if len(scores) < self.fewest:
            return 0.0
        return total + sum(scores) or 1.0


def _number(value: Json) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
