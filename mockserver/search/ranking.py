"""What a query found in all segments, in order: the best first, or by a field; and counted by a field."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.documents import Document
from mockserver.search.matching import Scores, Sight, any_of
from mockserver.search.segment import Key, Segment, key_of

Json = Any
SPARSE = 16


class Hit(NamedTuple):
    """Hits that match alike are in the order of their names."""

    worth: float
    name: str
    id: str
    sight: Sight
    number: int

    @property
    def score(self) -> float:
        return -self.worth

    @property
    def document(self) -> Document:
        return self.sight.document(self.number)


class Ranking:
    """Finds no more hits than are asked for."""

    def __init__(self, found: Iterable[tuple[Sight, Scores]]) -> None:
        self._found = [(sight, popular(sight.segment, scores)) for sight, scores in found if scores]
        self.total = sum(there.bit_count() for _, scores in self._found for there in scores.values())

    @property
    def best(self) -> float | None:
        """The highest score."""
        return max((score for _, scores in self._found for score in scores), default=None)

    def by_score(self, start: int, count: int) -> list[Hit]:
        """So many hits, the best first, when the first ones are left out."""
        hits: list[Hit] = []
        for score in sorted({score for _, scores in self._found for score in scores}, reverse=True):
            parts = [(sight, scores[score]) for sight, scores in self._found if score in scores]
            total = sum(there.bit_count() for _, there in parts)
            if start >= total:
                start -= total
                continue
            wanted = count - len(hits)
            if len(parts) == 1:
                ((sight, there),) = parts
                hits += (_hit(sight, score, number) for number in islice(bits.each(there), start, start + wanted))
            else:
                streams = [_hits(sight, score, there) for sight, there in parts]
                hits += islice(merge(*streams, key=_place), start, start + wanted)
            if len(hits) >= count:
                break
            start = 0
        return hits

    def by_field(self, name: str, *, falling: bool, after: Key | None = None) -> Iterator[Hit]:
        """The hits by what a field begins with, among equals the best first; those behind a key, if one is given."""
        streams = [_groups(sight, scores, name, after, falling=falling) for sight, scores in self._found]
        ordered = merge(*streams, key=itemgetter(0), reverse=falling)
        for _, groups in groupby(ordered, key=itemgetter(0)):
            yield from merge(*(hits for _, hits in groups), key=_place)

    def is_number(self, name: str) -> bool:
        """Whether a hit has a number in that field."""
        for sight, scores in self._found:
            there, around = any_of(scores), sight.around((name,))
            if any(isinstance(value, int | float) for value in _firsts(sight, there & around, name)):
                return True
            if sight.segment.numeric(name) & there & ~around:
                return True
        return False

    def counted(self, name: str) -> Counter[str]:
        """In how many hits each value of a field stands."""
        counts: Counter[str] = Counter()
        for sight, scores in self._found:
            there, around = any_of(scores), sight.around((name,))
            counts.update(sight.segment.column(name).counted(there & ~around))
            for number in bits.each(there & around):
                counts.update({str(value) for value in sight.document(number).raw(name)})
        return counts


def popular(segment: Segment, scores: Scores) -> Scores:
    """The scores with what documents have beside them."""
    if all(popularity == 0.0 for popularity, _ in segment.popular):
        return scores
    found: Scores = {}
    for score, there in scores.items():
        for popularity, some in segment.popular:
            if both := there & some:
                found[score + popularity] = found.get(score + popularity, 0) | both
    return found


def _firsts(sight: Sight, there: Bits, name: str) -> Iterator[Json]:
    for number in bits.each(there):
        yield from sight.document(number).raw(name)[:1]


def _hit(sight: Sight, score: float, number: int) -> Hit:
    entry = sight.segment.entries[number]
    return Hit(-score, entry.name, entry.id, sight, number)


def _place(hit: Hit) -> tuple[float, str, str]:
    return hit[:3]


def _groups(
    sight: Sight, scores: Scores, name: str, after: Key | None, *, falling: bool
) -> Iterator[tuple[Key, Iterable[Hit]]]:
    """The hits of one segment, those with the same key together."""
    there = any_of(scores)
    if sight.around((name,)) & there or there.bit_count() * SPARSE < sight.segment.size:
        yield from _looked_up(sight, scores, name, after, falling=falling)
        return
    order = sight.segment.order(name)
    if falling:
        last = len(order) if after is None else bisect_left(order, after, key=itemgetter(0))
        steps: Iterable[int] = range(last - 1, -1, -1)
    else:
        steps = range(0 if after is None else bisect_right(order, after, key=itemgetter(0)), len(order))
    marks = [(score, some.to_bytes((sight.segment.size >> 3) + 1, "little")) for score, some in scores.items()]
    for step in steps:
        key, posting = order[step]
        if isinstance(posting, int):
            if posting & there:
                yield key, _of_many(sight, scores, posting)
            continue
        found = [
            _hit(sight, score, number)
            for number in posting
            for score, mark in marks
            if mark[number >> 3] >> (number & 7) & 1
        ]
        if found:
            yield key, sorted(found, key=_place)


def _hits(sight: Sight, score: float, there: Bits) -> Iterator[Hit]:
    for number in bits.each(there):
        yield _hit(sight, score, number)


def _of_many(sight: Sight, scores: Scores, posting: Bits) -> Iterator[Hit]:
    for score in sorted(scores, reverse=True):
        yield from _hits(sight, score, scores[score] & posting)


def _looked_up(
    sight: Sight, scores: Scores, name: str, after: Key | None, *, falling: bool
) -> Iterator[tuple[Key, Sequence[Hit]]]:
    """The same by looking at each hit."""
    around = sight.around((name,))
    found: dict[Key, list[Hit]] = {}
    for score, there in scores.items():
        for number in bits.each(there):
            known = sight.document(number).raw(name) if bits.has(around, number) else sight.segment.raw(number, name)
            found.setdefault(key_of(known), []).append(_hit(sight, score, number))
    for key in sorted(found, reverse=falling):
        if after is None or (key < after if falling else key > after):
            yield key, sorted(found[key], key=_place)
