"""What a query found in all segments, in order: the best first, or by a field; and counted by a field."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge, nsmallest
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.column import Column
from mockserver.search.documents import Document
from mockserver.search.kin import Lens
from mockserver.search.matching import Scores, Sight, any_of
from mockserver.search.order import TOGETHER, Key, Order, Run, key_of
from mockserver.search.postings import Posting, spread
from mockserver.search.segment import Segment, place_of

Json = Any
# Those that are found in each segment.
Found = Sequence[tuple[Sight, Scores]]
# So many hits are counted one by one.
MANY = 10_000


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
        return list(_page(self._found, start, count))

    def by_field(self, name: str, start: int, count: int, *, falling: bool, after: Key | None = None) -> Iterator[Hit]:
        """The same by what a field begins with, among equals the best first; those behind a key, if one is given."""
        runs = [(at, run) for at in self._found for run in _runs(*at, name, falling=falling)]
        begin, beyond = after, after is not None
        if begin is None and start > TOGETHER:
            begin, start = _nearest([run for _, run in runs], start)
        streams = [_keyed(at, run, begin, beyond=beyond) for at, run in runs]
        for _, groups in groupby(merge(*streams, key=itemgetter(0), reverse=falling), key=itemgetter(0)):
            parts = [(at, posting) for _, at, posting in groups]
            total = sum(posting.bit_count() if isinstance(posting, int) else len(posting) for _, posting in parts)
            if start >= total:
                start -= total
                continue
            found = [(sight, _only(scores, posting, sight.segment.size)) for (sight, scores), posting in parts]
            yield from islice(_page(found, start, count), count)
            count -= min(total - start, count)
            start = 0
            if not count:
                return

    def is_number(self, name: str) -> bool:
        """Whether a hit has a number in that field."""
        for sight, scores in self._found:
            there, around, kin = any_of(scores), sight.around((name,)), sight.kin(name)
            if any(isinstance(value, int | float) for value in _firsts(sight, there & around, name)):
                return True
            known = sight.segment.numeric(name) | (0 if kin is None else kin.numeric(name))
            if known & there & ~around:
                return True
        return False

    def counted(self, name: str, most: int) -> tuple[list[tuple[str, int]], int]:
        """The most common values of a field with the hits in which they stand; and how often others stand there."""
        counts: Counter[str] = Counter()
        known: list[tuple[Column | Lens, Bits]] = []
        for sight, scores in self._found:
            there, around = any_of(scores), sight.around((name,))
            known.append((sight.column(name), there & ~around))
            for number in bits.each(there & around):
                counts.update({str(value) for value in sight.document(number).raw(name)})
        known.sort(key=lambda each: each[1].bit_count())
        many = [each for each in known[-1:] if each[1].bit_count() > MANY]
        for column, there in known[: len(known) - len(many)]:
            counts.update(column.counted(there))
        total = counts.total() + sum(column.standing(there) for column, there in many)
        for column, there in many:
            counts = _most_common(counts, column, there, most)
        best = nsmallest(most, counts.items(), key=lambda each: (-each[1], each[0]))
        return best, total - sum(count for _, count in best)


def _most_common(counts: Counter[str], column: Column | Lens, among: Bits, most: int) -> Counter[str]:
    """The most common values of some that were counted and of what is still to be counted.

    No value has more than it has in all documents: where that is too little, nothing that comes later is looked at.
    """
    found = [(-count - column.count(text, among), text) for text, count in counts.items()]
    found = sorted(found)[:most]
    for bound in column.common:
        if len(found) >= most and (not most or found[-1] <= bound):
            break
        text = bound[1]
        if text not in counts and (count := column.count(text, among)):
            insort(found, (-count, text))
            del found[most:]
    return Counter({text: -count for count, text in found})


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


def _page(found: Found, start: int, count: int) -> Iterator[Hit]:
    """So many hits, the best first, when the first ones are left out."""
    for score in sorted({score for _, scores in found for score in scores}, reverse=True):
        parts = [(sight, scores[score]) for sight, scores in found if score in scores]
        total = sum(there.bit_count() for _, there in parts)
        if start >= total:
            start -= total
            continue
        left, rest = _behind(parts, start)
        streams = [_hits(sight, score, there) for sight, there in left]
        yield from islice(merge(*streams, key=_place), rest, rest + count)
        count -= min(total - start, count)
        start = 0
        if not count:
            return


def _behind(parts: list[tuple[Sight, Bits]], start: int) -> tuple[list[tuple[Sight, Bits]], int]:
    """What is left when most of the first ones are left out, and how many of them are still in it."""
    if len(parts) == 1:
        ((sight, there),) = parts
        return [(sight, bits.behind(there, start))], 0
    largest = max((sight for sight, _ in parts), key=lambda sight: sight.segment.size).segment

    def cut(number: int) -> list[Bits]:
        """Those that come before a document of the largest segment."""
        place = place_of(largest.entries[number])
        return [there & bits.upto(sight.segment.before(place)) for sight, there in parts]

    at = bisect_right(range(largest.size), start, key=lambda number: sum(map(int.bit_count, cut(number)))) - 1
    gone = cut(max(at, 0))
    return [(sight, there & ~some) for (sight, there), some in zip(parts, gone, strict=True)], start - sum(
        map(int.bit_count, gone)
    )


def _runs(sight: Sight, scores: Scores, name: str, *, falling: bool) -> Iterator[Run]:
    """The hits of a segment: those whose field is known there, and the others, which are looked at."""
    there, unknown, kin = any_of(scores), sight.around((name,)), sight.kin(name)
    around = sight.segment.around(name)
    if own := there & ~around:
        yield Run(sight.segment.order(name), own, falling=falling)
    if kin is not None and (known := there & around & ~unknown):
        yield Run(kin.order(name), known, falling=falling)
    if unknown := there & unknown:
        keys = {number: key_of(sight.document(number).raw(name)) for number in bits.each(unknown)}
        yield Run(Order(keys, sight.segment.size), unknown, falling=falling)


def _nearest(runs: list[Run], start: int) -> tuple[Key | None, int]:
    """The key to begin with so that few come before those that are wanted, and how many these are."""
    longest = max(runs, key=lambda run: len(run.order.blocks), default=None)
    if longest is None:
        return None, start
    heads = longest.heads()
    at = bisect_right(heads, start, key=lambda key: sum(run.before(key) for run in runs)) - 1
    if at < 0:
        return None, start
    return heads[at], start - sum(run.before(heads[at]) for run in runs)


def _keyed(
    at: tuple[Sight, Scores], run: Run, begin: Key | None, *, beyond: bool
) -> Iterator[tuple[Key, tuple[Sight, Scores], Posting]]:
    for key, posting in run.groups(begin, beyond=beyond):
        yield key, at, posting


def _only(scores: Scores, posting: Posting, size: int) -> Scores:
    there = spread(posting, size)
    return {score: both for score, some in scores.items() if (both := some & there)}


def _hits(sight: Sight, score: float, there: Bits) -> Iterator[Hit]:
    for number in bits.each(there):
        yield _hit(sight, score, number)
