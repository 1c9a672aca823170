"""Documents of a segment that are alike in what something hangs on, so that it is worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.behaviours.nearness import Near
from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.kin import Kin
from mockserver.search.segment import Segment
from mockserver.world.recall import Finding, Noting, Reader
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
# Which resource's records hang on what.
Nears = Callable[[str], Near | None]


class Kinship:
    """What is in a segment does not change as long as it is there, and neither do the links from it."""

    def __init__(self, segment: Segment, nears: Nears) -> None:
        self.kin: Kin | None = None
        self._segment = segment
        self._nears = nears
        self._near: dict[str, Near | None] = {}
        self._asked: Bits = 0
        self._groups: dict[Hashable, list[int]] = {}
        self._backs: dict[str, Bits] = {}
        self._findings: dict[Hashable, Finding] = {}
        self._pointed: dict[str, tuple[object, Bits]] = {}

    def groups(self, world: Transaction, there: Bits) -> Iterator[tuple[Hashable, list[int], int]]:
        """Those that are alike, under a key, with one of them that is there. What is in none may differ from all."""
        self._extend(world, there & ~self._asked)
        alone: Bits = 0
        for relation, which in self._backs.items():
            alone |= self._with_sources(world, relation) & which
        alone &= there
        for key, numbers in self._groups.items():
            left = [number for number in numbers if not bits.has(alone, number)] if alone else numbers
            one = next((number for number in left if bits.has(there, number)), None)
            if one is not None:
                yield key, left, one
        for number in bits.each(alone):
            yield self._segment.entries[number].id, [number], number

    def found(self, world: Transaction, key: Hashable, number: int, work: Callable[[Reader, Record], Json]) -> Json:
        """What comes of one of a group; it is worked out again only when what was read for it has changed."""
        finding = self._findings.get(key)
        if finding is None or not finding.holds(world):
            read = Noting(world)
            finding = self._findings[key] = Finding(work(read, self._segment.entries[number].record), read)
        return finding.value

    def _extend(self, world: Transaction, fresh: Bits) -> None:
        for number in bits.each(fresh):
            record = self._segment.entries[number].record
            if record.resource not in self._near:
                self._near[record.resource] = self._nears(record.resource)
            near = self._near[record.resource]
            if near is not None:
                self._groups.setdefault(self._key(world, number, record, near), []).append(number)
                for relation in near.back:
                    self._backs[relation] = self._backs.get(relation, 0) | 1 << number
        self._asked |= fresh

    def _key(self, world: Transaction, number: int, record: Record, near: Near) -> Hashable:
        links = tuple(tuple(world.links(record.id, relation).items()) for relation in sorted(near.forth))
        own = tuple(orjson.dumps(record.data[name]) for name in sorted(near.fields) if name in record.data)
        key = (record.resource, links, own, self._segment.entries[number].leans if near.labels else ())
        try:
            hash(key)
        except TypeError:
            # A link that tells much tells it of no other one.
            return record.id
        return key

    def _with_sources(self, world: Transaction, relation: str) -> Bits:
        """The documents that something leads to by a relation."""
        back = world.web.back.get(relation)
        known, found = self._pointed.get(relation, (None, 0))
        if back is not None and back is not known:
            numbers = self._segment.numbers
            found = bits.of([number for id in back if (number := numbers.get(id)) is not None], self._segment.size)
            self._pointed[relation] = (back, found)
        return 0 if back is None else found


def kin_of(context: Context, segment: Segment, there: Bits, name: str) -> Kin:
    """What is known of a field that follows from other records, for the documents of a segment that are there."""
    contract, dialect = context.contract, context.dialect
    kinship = _kinship(segment, name, lambda resource: dialect.near(contract, contract.resources[resource], name))
    which = there & segment.following(name)
    numbers, values = [], []

    def work(world: Reader, record: Record) -> Json:
        return dialect.beside(world, contract, record, name)

    for key, group, one in kinship.groups(context.world, which):
        numbers.append(group)
        values.append(kinship.found(context.world, key, one, work))
    kin = kinship.kin
    if kin is None or not kin.is_of(numbers, values):
        kin = kinship.kin = Kin(name, numbers, values, segment.size)
    return kin


def hidden(context: Context, segment: Segment, among: Bits, hides: Callable[[Record], bool]) -> Bits:
    """Those of some documents that a caller may not see."""
    contract, dialect = context.contract, context.dialect
    kinship = _kinship(segment, "", lambda resource: dialect.hidden_by(contract, contract.resources[resource]))
    met: list[int] = []
    gone: list[int] = []
    for _, group, one in kinship.groups(context.world, among):
        met += group
        if hides(segment.entries[one].record):
            gone += group
    left = among & ~bits.of(met, segment.size)
    gone += [number for number in bits.each(left) if hides(segment.entries[number].record)]
    return bits.of(gone, segment.size) & among


def _kinship(segment: Segment, about: str, nears: Nears) -> Kinship:
    kept: dict[str, Kinship] = segment.kinships
    if about not in kept:
        kept[about] = Kinship(segment, nears)
    return kept[about]
