"""Turns what a recipe says about a value into a function that makes such values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.contract.yamlfile import Document
from mockserver.seeding.chance import Chance
from mockserver.seeding.entries import Report
from mockserver.seeding.words import Words

Json = Any
ABSENT = object()
MOST_ITEMS = 10_000


class Unmade(Exception):
    """A value that cannot be made after all, with the reason."""


@dataclass(slots=True)
class Scope:
    """What a maker may look at: the number of its record or item, from 1, and the fields made before it, or around."""

    number: int
    made: dict[str, Json] = field(default_factory=dict)
    outer: Scope | None = None

    def look(self, name: str) -> Json:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.made:
                return scope.made[name]
            scope = scope.outer
        return ""


Maker = Callable[[Scope], Json]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A `$word` with what is written for it, its options, and where: the value itself, and the object it stands in."""

    word: str
    value: Json
    options: Mapping[str, Json]
    at: str
    inside: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a `$word` means, and the options that may stand beside it."""

    compile: Callable[[Compiler, Phrase], Maker]
    options: Iterable[str] = ()


class Compiler:
    """Compiles the values of one file.

    `living` are the ids of all records so far by resource, `made` of those from recipes; `named` by the recipe's name.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Word],
        document: Document,
        report: Report,
        seed: str,
        living: Mapping[str, list[str]],
        made: Mapping[str, list[str]],
        named: Mapping[str, list[str]],
    ) -> None:
        self.vocabulary = vocabulary
        self.document = document
        self.report = report
        self.chance = Chance(seed)
        self.words = Words(seed)
        self.living = living
        self.made = made
        self.named = named
        self.pools: dict[str, list[Json]] = {}
        self.fields: list[list[str]] = []
        self.flawed = False

    def refuse(self, at: str, message: str, suggestion: str | None = None) -> Maker:
        """Notes what is wrong; gives a maker that stands in for the one that cannot be."""
        self.flawed = True
        self.report.note(self.document, at, message, suggestion)
        return lambda scope: ABSENT

    def compile(self, value: Json, at: str) -> Maker:
        """The maker of a value: a literal, a list or an object of values, or what a `$word` says."""
        if isinstance(value, list):
            makers = [self.compile(item, f"{at}/{position}") for position, item in enumerate(value)]
            return lambda scope: [item for maker in makers if (item := maker(scope)) is not ABSENT]
        if not isinstance(value, dict):
            return lambda scope: value
        words = [key for key in value if key.startswith("$")]
        if not words:
            return self._object(value, at)
        if len(words) > 1:
            return self.refuse(at, f"{shown(words[0])} and {shown(words[1])} cannot both make this value")
        return self._word(words[0], value, at)

    def _word(self, name: str, value: Mapping[str, Json], at: str) -> Maker:
        here = f"{at}/{escape(name)}"
        word = self.vocabulary.get(name)
        if word is None:
            return self.refuse(here, f"there is no {shown(name)}", nearest(name, self.vocabulary))
        for key in value:
            if key != name and key not in word.options:
                message = f"unknown option {shown(key)} of '{name}'"
                self.refuse(f"{at}/{escape(key)}", message, nearest(key, word.options))
        return word.compile(self, Phrase(name, value[name], value, here, at))

    def _object(self, value: Mapping[str, Json], at: str) -> Maker:
        makers = self.members(value, at)

        def make(scope: Scope) -> Json:
            inner = Scope(scope.number, {}, scope)
            for name, maker in makers:
                made = maker(inner)
                if made is not ABSENT:
                    inner.made[name] = made
            return inner.made

        return make

    def members(self, value: Mapping[str, Json], at: str) -> list[tuple[str, Maker]]:
        """The makers of an object's fields, in their order; each may use those before it."""
        self.fields.append([])
        makers = []
        for name, each in value.items():
            makers.append((name, self.compile(each, f"{at}/{escape(name)}")))
            self.fields[-1].append(name)
        self.fields.pop()
        return makers

    def count(self, value: Json, at: str) -> Callable[[Scope], int]:
        """A count: a number, a range `[low, high]`, or a value that is made."""
        if not isinstance(value, dict):
            low, high = bounds(value) or (value, value)
            if not is_whole(low) or not 0 <= low <= high <= MOST_ITEMS:
                self.refuse(at, f"a count is a number up to {MOST_ITEMS:,}, a range [low, high], or a value to make")
                return lambda scope: 0
            return (lambda scope: self.chance.between(low, high)) if low < high else lambda scope: int(low)
        maker = self.compile(value, at)

        def make(scope: Scope) -> int:
            made = maker(scope)
            if not is_whole(made) or not 0 <= made <= MOST_ITEMS:
                raise Unmade(f"a count came out as {shown(str(made))}; it is a whole number from 0 to {MOST_ITEMS:,}")
            return int(made)

        return make


def is_whole(value: Json) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def bounds(value: Json) -> tuple[int, int] | None:
    """The two ends of a range `[low, high]` of whole numbers, if it is one."""
    if isinstance(value, list) and len(value) == 2 and all(map(is_whole, value)) and value[0] <= value[1]:
        return value[0], value[1]
    return None
