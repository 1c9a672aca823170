"""A world as it is searched: segments of documents, made of an earlier state's and of what was touched since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from math import log1p
from typing import Any

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.segment import Entry, Kind, Segment
from mockserver.world.descent import Descent
from mockserver.world.links import UNTIED
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
# A segment is made one with the next older one unless that is so many times larger.
TIMES_LARGER = 8
VOTES, USAGE = "votes", "usageSummary"
# A label tells of the labels of what it stands for, too.
LABELS_DEEP = 2


class Index:
    """The segments, the largest and oldest first, each with those of its documents that are still so."""

    def __init__(self, kinds: Mapping[str, Kind], parts: tuple[tuple[Segment, Bits], ...]) -> None:
        self.kinds = kinds
        self.parts = parts

    def __contains__(self, id: object) -> bool:
        return any(id in segment.numbers for segment, _ in self.parts)

    def entry(self, id: str) -> Entry | None:
        """The document of that id."""
        for segment, there in self.parts:
            number = segment.numbers.get(id)
            if number is not None and bits.has(there, number):
                return segment.entries[number]
        return None

    def leaning(self, key: labels.Key) -> Iterator[str]:
        """The documents that lean on a key, and some that did."""
        for segment, _ in self.parts:
            for number in segment.leaning.get(key, ()):
                yield segment.entries[number].id

    def without(self, ids: Iterable[str]) -> list[tuple[Segment, Bits]]:
        """The segments, as far as something is left of them."""
        kept = []
        for segment, there in self.parts:
            gone = [number for id in ids if (number := segment.numbers.get(id)) is not None]
            left = there & ~bits.of(gone, segment.size)
            if left:
                kept.append((segment, left))
        return kept


def index_of(context: Context) -> Index:
    """The index of the world as it is now."""
    descent = context.world.descent or Descent()
    base, touched = descent.back()
    if base.index is None:
        # A beginning in which nobody searched yet: its index serves all that came of it.
        base.index = _begun(context if base.ground is None else replace(context, world=Transaction(base.ground)))
    found: Index = base.index
    if touched:
        found = _updated(found, context, touched)
        descent.settle(found)
    return found


def _begun(context: Context) -> Index:
    dialect = context.dialect
    kinds = {
        resource.name: Kind(resource.entity, dialect.around(resource), partial(dialect.reader, resource))
        for resource in context.contract.by_entity.values()
    }
    segment = Segment(_entries(context, kinds, context.world.records.values()))
    return Index(kinds, ((segment, bits.upto(segment.size)),))


def _updated(index: Index, context: Context, touched: set[str]) -> Index:
    """The index with other documents of what was touched, and of what leans on that."""
    ids, fresh = set(touched), touched
    for _ in range(LABELS_DEEP):
        fresh = {leaning for id in fresh for leaning in _leaning(index, context, id)} - ids
        ids |= fresh
    kept = index.without(ids)
    records = (record for id in ids if (record := context.world.record(id)) is not None)
    entries = list(_entries(context, index.kinds, records))
    while kept and entries and kept[-1][1].bit_count() < TIMES_LARGER * len(entries):
        segment, there = kept.pop()
        entries += [segment.entries[number] for number in bits.each(there)]
    if entries:
        made = Segment(entries)
        kept.append((made, bits.upto(made.size)))
    return Index(index.kinds, tuple(kept))


def _leaning(index: Index, context: Context, id: str) -> Iterator[str]:
    """The documents that bear the label which a record stands for, or stood for."""
    known, record, entry = context.contract.labels, context.world.record(id), index.entry(id)
    kinds = {} if known is None else known.kinds
    for told in (record, None if entry is None else entry.record):
        if told is not None:
            for kind in (kind for kind, resource in kinds.items() if resource == told.resource):
                yield from index.leaning((kind, str(told.data.get("fullyQualifiedName"))))


def _entries(context: Context, kinds: Mapping[str, Kind], records: Iterable[Record]) -> Iterator[Entry]:
    voted = context.world.web.forth.get(VOTES, UNTIED)
    for record in records:
        kind = kinds.get(record.resource)
        if kind is not None:
            yield _entry(context, kind, record, is_voted=record.id in voted)


def _entry(context: Context, kind: Kind, record: Record, *, is_voted: bool) -> Entry:
    known, places = context.contract.labels, context.contract.resources[record.resource].labelled
    leans: tuple[labels.Key, ...] = ()
    own: Mapping[str, Json] = record.data
    if known is not None and (found := labels.keys_of(known, places, record.data)):
        leans, own = tuple(found), context.dialect.own(context, record)
    shown: Mapping[str, Json] = record.data
    if USAGE in kind.around or (is_voted and VOTES in kind.around):
        shown = context.dialect.view(context, record).members
    popularity = _popularity(shown) if VOTES in shown or USAGE in shown else 0.0
    return Entry(record.id, str(own.get("name", "")), kind, record.deleted, popularity, own, record, leans)


def _popularity(shown: Mapping[str, Json]) -> float:
    """Votes and use raise what matches alike."""
    votes = shown.get(VOTES) or {}
    used = ((shown.get(USAGE) or {}).get("weeklyStats") or {}).get("count", 0)
    return float(log1p(max(votes.get("upVotes", 0) - votes.get("downVotes", 0), 0)) + log1p(used))
