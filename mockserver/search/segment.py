"""A number of documents, in the order of their names, that are asked together; they do not change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.column import Column
from mockserver.search.documents import ENTITY, bare, reached, scalars
from mockserver.search.order import Order, key_of

Json = Any
# Where a record is to be found depends on who asks.
ADDRESS = "href"


class Kind(NamedTuple):
    """Documents of one kind: which of their fields follow from other records too, and how one that does not is read."""

    entity: str
    around: frozenset[str]
    member: Callable[[Mapping[str, Json], str], Json]


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
            steps = bare(name).split(".")
            column = self._columns[name] = Column(self.size, lambda number: self._raw(self.entries[number], steps))
        return column

    def raw(self, number: int, name: str) -> list[Json]:
        """The values of a field in a document."""
        return self._raw(self.entries[number], bare(name).split("."))

    def order(self, name: str) -> Order:
        """The documents by what a field begins with."""
        order = self._orders.get(name)
        if order is None:
            keys = {number: key_of(self.raw(number, name)) for number in range(self.size)}
            order = self._orders[name] = Order(keys, self.size)
        return order

    def numeric(self, name: str) -> Bits:
        """The documents in which a field begins with a number."""
        if name not in self._numeric:
            numbers = [number for number in range(self.size) if _is_number(self.raw(number, name))]
            self._numeric[name] = bits.of(numbers, self.size)
        return self._numeric[name]

    def _parted(self, keys: Iterable[Any]) -> dict[Any, Bits]:
        found: dict[Any, list[int]] = {}
        for number, key in enumerate(keys):
            found.setdefault(key, []).append(number)
        return {key: bits.of(numbers, self.size) for key, numbers in found.items()}

    @staticmethod
    def _raw(entry: Entry, steps: list[str]) -> list[Json]:
        first, *rest = steps
        if first in entry.kind.around:
            return []
        value = entry.kind.entity if first == ENTITY else entry.kind.member(entry.data, first)
        if value is None:
            return []
        return list(scalars(reached(value, rest)))


def _is_number(values: list[Json]) -> bool:
    return bool(values) and isinstance(values[0], int | float)


def place_of(entry: Entry) -> tuple[str, str]:
    return entry.name, entry.id
