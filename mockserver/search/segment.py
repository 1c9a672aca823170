"""A number of documents, in the order of their names, that are asked together; they do not change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.column import Column
from mockserver.search.documents import ENTITY, bare, reached, scalars
from mockserver.search.order import Order, key_of

Json = Any
# Where a record is to be found depends on who asks.
ADDRESS = "href"
Read = Callable[[Mapping[str, Json]], Json]


@dataclass(frozen=True, eq=False)
class Kind:
    """Documents of one kind: which of their fields follow from other records too, and how one that does not is read.

    `reader` tells for the steps to a field how to take the first one; None when no such document has it.
    """

    entity: str
    around: frozenset[str]
    reader: Callable[[Sequence[str]], Read | None]


class Entry(NamedTuple):
    """A document as it is filed, and the record it was made of.

    It `leans` on what makes another document of this one when it changes.
    """

    id: str
    name: str
    kind: Kind
    deleted: bool
    popularity: float
    data: Mapping[str, Json]
    record: Any
    leans: tuple[Hashable, ...] = ()


class Segment:
    """A document is known here by its number. What is asked of a field is worked out the first time."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=place_of)
        self.size = len(self.entries)
        self.numbers = {entry.id: number for number, entry in enumerate(self.entries)}
        self.kinds: Mapping[Kind, Bits] = self._parted(entry.kind for entry in self.entries)
        self.deleted: Bits = self._parted(entry.deleted for entry in self.entries).get(True, 0)
        popular = self._parted(entry.popularity for entry in self.entries)
        self.popular: list[tuple[float, Bits]] = sorted(popular.items(), reverse=True)
        self.leaning: dict[Hashable, list[int]] = {}
        for number, entry in enumerate(self.entries):
            for key in entry.leans:
                self.leaning.setdefault(key, []).append(number)
        # What its documents are alike in, by what is asked about it.
        self.kinships: dict[str, Any] = {}
        self._columns: dict[str, Column] = {}
        self._orders: dict[str, Order] = {}
        self._numeric: dict[str, Bits] = {}

    def before(self, place: tuple[str, str]) -> int:
        """How many documents come before a name and an id."""
        return bisect_left(self.entries, place, key=place_of)

    def around(self, name: str) -> Bits:
        """The documents whose field of this name follows from others too, so that it is not known here."""
        first, *steps = bare(name).split(".")
        return bits.upto(self.size) if ADDRESS in steps else self.following(first)

    def following(self, first: str) -> Bits:
        """The documents whose fields that begin with this step follow from others too."""
        found = 0
        for kind, there in self.kinds.items():
            if first in kind.around:
                found |= there
        return found

    def column(self, name: str) -> Column:
        """What is known here of a field."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = Column(
                self.size, lambda number: self.raw(number, name), lambda: self._each(bare(name).split("."))
            )
        return column

    def raw(self, number: int, name: str) -> list[Json]:
        """The values of a field in a document."""
        entry, steps = self.entries[number], bare(name).split(".")
        return [] if (read := self._reader(entry.kind, steps)) is None else _values(entry.data, read, steps)

    def order(self, name: str) -> Order:
        """The documents by what a field begins with."""
        order = self._orders.get(name)
        if order is None:
            keys = dict.fromkeys(range(self.size), key_of([]))
            keys.update((number, key_of(values)) for number, values in self._each(bare(name).split(".")))
            order = self._orders[name] = Order(keys, self.size)
        return order

    def numeric(self, name: str) -> Bits:
        """The documents in which a field begins with a number."""
        if name not in self._numeric:
            numbers = [number for number, values in self._each(bare(name).split(".")) if _is_number(values)]
            self._numeric[name] = bits.of(numbers, self.size)
        return self._numeric[name]

    def _parted(self, keys: Iterable[Any]) -> dict[Any, Bits]:
        found: dict[Any, list[int]] = {}
        for number, key in enumerate(keys):
            found.setdefault(key, []).append(number)
        return {key: bits.of(numbers, self.size) for key, numbers in found.items()}

    def _each(self, steps: Sequence[str]) -> Iterator[tuple[int, list[Json]]]:
        """The documents that may have a field, each with the values that it has there."""
        first, readers = steps[0], {kind: self._reader(kind, steps) for kind in self.kinds}
        for number, entry in enumerate(self.entries):
            if (first in entry.data or first == ENTITY) and (read := readers[entry.kind]) is not None:
                yield number, _values(entry.data, read, steps)

    @staticmethod
    def _reader(kind: Kind, steps: Sequence[str]) -> Read | None:
        if steps[0] == ENTITY:
            return lambda _: kind.entity
        return None if steps[0] in kind.around else kind.reader(steps)


def _values(data: Mapping[str, Json], read: Read, steps: Sequence[str]) -> list[Json]:
    value = read(data)
    return scalars(value if len(steps) == 1 else reached(value, steps[1:]))


def _is_number(values: list[Json]) -> bool:
    return bool(values) and isinstance(values[0], int | float)


# What documents are in the order of.
place_of: Callable[[Entry], tuple[str, str]] = attrgetter("name", "id")
