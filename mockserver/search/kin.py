"""A field that follows from other records, in groups of documents that have it alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from itertools import starmap
from operator import is_
from typing import Any

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.column import Column
from mockserver.search.documents import bare, reached, scalars
from mockserver.search.order import Order, key_of
from mockserver.search.postings import Posting, packed, union

Json = Any
# What addresses begin with here, where it is not known who asks.
NOWHERE = "\0"


class Kin:
    """What the groups have under the first step of a name."""

    def __init__(self, first: str, numbers: list[list[int]], values: list[Json], size: int) -> None:
        self.size = size
        self._first = first
        self._numbers = numbers
        self._values = values
        self._postings: list[Posting] = [packed(each, size) for each in numbers]
        self._columns: dict[str, Column] = {}
        self._known: dict[str, Bits] = {}
        self._orders: dict[str, Order] = {}
        self._lenses: dict[str, Lens] = {}

    def is_of(self, numbers: list[list[int]], values: list[Json]) -> bool:
        """Whether these are the groups, and what they have."""
        same = len(values) == len(self._values) and all(map(is_, values, self._values))
        return same and all(starmap(_alike, zip(numbers, self._numbers, strict=True)))

    @cached_property
    def all(self) -> Bits:
        return self.spread((1 << len(self._numbers)) - 1)

    def known(self, name: str) -> Bits:
        """The documents in which the field is the same for all who ask."""
        found = self._known.get(name)
        if found is None:
            told = (
                number
                for number in range(len(self._values))
                if any(isinstance(value, str) and value.startswith(NOWHERE) for value in self.raw(number, name))
            )
            found = self._known[name] = self.all & ~self.spread(bits.of(list(told), len(self._values)))
        return found

    def raw(self, group: int, name: str) -> list[Json]:
        """The values of a field in a group."""
        value = self._values[group]
        return [] if value is None else scalars(reached(value, bare(name).split(".")[1:]))

    def spread(self, groups: Bits) -> Bits:
        """The documents of some groups."""
        return union((self._postings[number] for number in bits.each(groups)), self.size)

    def column(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            read, size = partial(self.raw, name=name), len(self._values)
            column = self._columns[name] = Column(size, read, lambda: enumerate(map(read, range(size))))
        return column

    def numeric(self, name: str) -> Bits:
        """The documents in which a field begins with a number."""
        first = (self.raw(group, name)[:1] for group in range(len(self._values)))
        return self.spread(
            bits.of(
                [group for group, value in enumerate(first) if value and isinstance(value[0], int | float)],
                len(self._values),
            )
        )

    def order(self, name: str) -> Order:
        order = self._orders.get(name)
        if order is None:
            keys = [key_of(self.raw(group, name)) for group in range(len(self._values))]
            found = {number: keys[group] for group, each in enumerate(self._numbers) for number in each}
            order = self._orders[name] = Order(found, self.size)
        return order

    def lens(self, name: str, own: Column) -> Lens:
        """The field in these documents and in those that have it by themselves."""
        lens = self._lenses.get(name)
        if lens is None:
            lens = self._lenses[name] = Lens(own, self.column(name), self.spread)
        return lens


def _alike(one: list[int], other: list[int]) -> bool:
    return one is other or one == other


class Lens:
    """Two columns as one: of documents by themselves, and of groups of them."""

    def __init__(self, own: Column, groups: Column, spread: Callable[[Bits], Bits]) -> None:
        self._own = own
        self._groups = groups
        self._spread = spread

    def equal(self, text: str) -> Bits:
        return self._own.equal(text) | self._spread(self._groups.equal(text))

    def holding(self, word: str) -> Bits:
        return self._own.holding(word) | self._spread(self._groups.holding(word))

    def saying(self, phrase: tuple[str, ...]) -> Bits:
        return self._own.saying(phrase) | self._spread(self._groups.saying(phrase))

    def fitting(self, pattern: str, compiled: Any) -> Bits:
        return self._own.fitting(pattern, compiled) | self._spread(self._groups.fitting(pattern, compiled))

    def where(self, holds: Callable[[Json], bool]) -> Bits:
        return self._own.where(holds) | self._spread(self._groups.where(holds))

    @property
    def present(self) -> Bits:
        return self._own.present | self._spread(self._groups.present)

    def counted(self, among: Bits) -> Counter[str]:
        found = Counter({text: self._grouped(text, among) for text in self._groups.texts})
        return self._own.counted(among) + found

    def count(self, text: str, among: Bits) -> int:
        return self._own.count(text, among) + self._grouped(text, among)

    def standing(self, among: Bits) -> int:
        several = self._groups.several.items()
        told = sum(many * (self._spread(there) & among).bit_count() for many, there in several)
        return self._own.standing(among) + told

    @property
    def common(self) -> Iterable[tuple[int, str]]:
        counts = Counter({text: -count for count, text in self._own.common})
        counts.update({text: self._grouped(text, -1) for text in self._groups.texts})
        return sorted((-count, text) for text, count in counts.items())

    def _grouped(self, text: str, among: Bits) -> int:
        return (self._spread(self._groups.bearing(text)) & among).bit_count()
