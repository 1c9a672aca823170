"""Which documents of a segment a query finds, all at once, with the same scores that it gives them one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.clauses import EXACT, NEAR, Bool, Clause, Everything, Exists, Pattern, Range, Text
from mockserver.search.column import Column
from mockserver.search.documents import WEIGHTS, Document, bare
from mockserver.search.kin import Kin, Lens
from mockserver.search.segment import Segment

# The documents that are found, by their scores, each under one.
Scores = dict[float, Bits]
Part = TypeVar("Part")


class Sight:
    """A segment as it is seen from a state: how each of its documents is shown there."""

    def __init__(
        self, segment: Segment, shown: Callable[[int], Document], kin: Callable[[str], Kin] | None = None
    ) -> None:
        """`kin` tells of a field that follows from other records which documents have it alike."""
        self.segment = segment
        self._shown = shown
        self._kin = kin
        self._kins: dict[str, Kin | None] = {}
        self._documents: dict[int, Document] = {}

    def document(self, number: int) -> Document:
        found = self._documents.get(number)
        if found is None:
            found = self._documents[number] = self._shown(number)
        return found

    def around(self, names: Sequence[str], *, present: bool = False) -> Bits:
        """The documents of which not all these fields are known, or not whether they are there."""
        found = 0
        for name in names:
            around = self.segment.around(name)
            if around and (kin := self.kin(name)) is not None:
                around &= ~(kin.all if present else kin.known(name))
            found |= around
        return found

    def kin(self, name: str) -> Kin | None:
        """The documents that have a field from other records alike."""
        first = bare(name).partition(".")[0]
        if first not in self._kins:
            wanted = self._kin is not None and self.segment.following(first)
            self._kins[first] = self._kin(first) if wanted and self._kin is not None else None
        return self._kins[first]

    def column(self, name: str) -> Column | Lens:
        """What is known of a field."""
        own, kin = self.segment.column(name), self.kin(name)
        return own if kin is None else kin.lens(name, own)


def scores(clause: Clause, sight: Sight, among: Bits) -> Scores:
    """What a query finds among these documents."""
    if not among:
        return {}
    if isinstance(clause, Everything):
        return {1.0: among}
    if isinstance(clause, Bool):
        return _bool(clause, sight, among)
    around = sight.around(_fields(clause), present=isinstance(clause, Exists)) & among
    found = _MATCHERS[type(clause)](clause, sight, among & ~around) if around != among else {}
    for number in bits.each(around):
        score = clause.score(sight.document(number))
        if score:
            found[score] = found.get(score, 0) | 1 << number
    return found


def any_of(found: Mapping[Any, Bits]) -> Bits:
    """The documents that are found, whatever they are found under."""
    there = 0
    for each in found.values():
        there |= each
    return there


def _fields(clause: Any) -> Sequence[str]:
    if isinstance(clause, Range | Exists):
        return (clause.name,)
    return clause.fields or tuple(WEIGHTS)


def _is_far(clause: Clause, sight: Sight) -> bool:
    """Whether documents have to be looked at one by one."""
    if isinstance(clause, Bool):
        return any(_is_far(each, sight) for each in (*clause.must, *clause.should, *clause.never, *clause.silent))
    return not isinstance(clause, Everything) and bool(
        sight.around(_fields(clause), present=isinstance(clause, Exists))
    )


def _bool(clause: Bool, sight: Sight, among: Bits) -> Scores:
    """What is quickly known comes first, so that little is left to be looked at."""
    parts = [
        *((each, True, False) for each in clause.silent),
        *((each, True, True) for each in clause.must),
        *((each, False, False) for each in clause.never),
    ]
    needed: list[tuple[Clause, Scores]] = []
    for each, wanted, counts in sorted(parts, key=lambda part: _is_far(part[0], sight)):
        found = scores(each, sight, among)
        among &= any_of(found) if wanted else ~any_of(found)
        if counts:
            needed.append((each, found))
    totals: Scores = {0.0: among}
    for each in clause.must:
        totals = _added(totals, next(found for one, found in needed if one is each))
    chosen: dict[tuple[float, ...], Bits] = {(): among}
    for each in clause.should:
        chosen = _parted(chosen, scores(each, sight, among), lambda key, score: (*key, score))
    made: Scores = {}
    for total, there in totals.items():
        for taken, some in chosen.items():
            score = clause.of(total, taken)
            if (both := there & some) and score:
                made[score] = made.get(score, 0) | both
    return made


def _added(totals: Scores, found: Scores) -> Scores:
    made: Scores = {}
    for total, there in totals.items():
        for score, some in found.items():
            if both := there & some:
                made[total + score] = made.get(total + score, 0) | both
    return made


def _parted(
    parts: Mapping[Part, Bits], found: Mapping[float, Bits], made: Callable[[Part, float], Part]
) -> dict[Part, Bits]:
    """The parts, each of them parted once more by what is found in it."""
    if not found:
        return dict(parts)
    parted: dict[Part, Bits] = {}
    for key, there in parts.items():
        rest = there
        for score, some in found.items():
            if both := there & some:
                parted[made(key, score)] = parted.get(made(key, score), 0) | both
                rest &= ~both
        if rest:
            parted[key] = parted.get(key, 0) | rest
    return parted


def _text(clause: Text, sight: Sight, among: Bits) -> Scores:
    parts: dict[tuple[tuple[int, float], ...], Bits] = {(): among}
    names = clause.fields or tuple(WEIGHTS)
    for at, name in enumerate(names):
        found = _in(clause, sight.column(name))
        parts = _parted(parts, found, lambda key, value, at=at: (*key, (at, value)))  # type: ignore[misc]
    made: Scores = {}
    for part, there in parts.items():
        if part:
            values = dict(part)
            score = clause.of([values.get(at, 0.0) for at in range(len(names))])
            if score:
                made[score] = made.get(score, 0) | there
    return made


def _in(clause: Text, column: Column | Lens) -> dict[float, Bits]:
    """What a field is worth, and in which documents."""
    exact = column.equal(clause.text.casefold())
    found = {EXACT: exact} if exact else {}
    if clause.exact or not clause.wanted:
        return found
    if clause.phrase:
        worth: Mapping[float, Bits] = {NEAR: column.saying(clause.wanted)}
    else:
        worth = _shares(clause, column)
    for value, there in worth.items():
        if near := there & ~exact:
            found[value] = found.get(value, 0) | near
    return found


def _shares(clause: Text, column: Column | Lens) -> dict[float, Bits]:
    """The documents by what it is worth to hold so many of the words."""
    hits: dict[int, Bits] = {}
    for word in clause.wanted:
        there = column.holding(word)
        if not there:
            if clause.every:
                return {}
            continue
        known = any_of(hits)
        made = {1: there & ~known}
        for count, some in hits.items():
            made[count] = made.get(count, 0) | (some & ~there)
            made[count + 1] = made.get(count + 1, 0) | (some & there)
        hits = {count: some for count, some in made.items() if some}
    return {share: there for count, there in hits.items() if (share := clause.share(count))}


def _pattern(clause: Pattern, sight: Sight, among: Bits) -> Scores:
    found = 0
    for name in clause.fields or WEIGHTS:
        found |= sight.column(name).fitting(clause.pattern.casefold(), clause.compiled)
    return {clause.boost: found & among} if found & among and clause.boost else {}


def _range(clause: Range, sight: Sight, among: Bits) -> Scores:
    found = sight.column(clause.name).where(clause.holds) & among
    return {1.0: found} if found else {}


def _exists(clause: Exists, sight: Sight, among: Bits) -> Scores:
    found = sight.column(clause.name).present & among
    return {1.0: found} if found else {}


_MATCHERS: Mapping[type, Callable[[Any, Sight, Bits], Scores]] = {
    Text: _text,
    Pattern: _pattern,
    Range: _range,
    Exists: _exists,
}
