"""Which records of each resource are living and which are soft-deleted, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rpds import HashTrieMap

from mockserver.world.record import Record
from mockserver.world.sorted import Key, SortedKeys

NO_KEYS = SortedKeys()


class Listing(NamedTuple):
    """The `(name, id)` keys by resource; every change makes a new listing."""

    living: HashTrieMap[str, SortedKeys] = HashTrieMap()
    deleted: HashTrieMap[str, SortedKeys] = HashTrieMap()

    @classmethod
    def of(cls, records: Iterable[Record]) -> Listing:
        found: tuple[dict[str, list[Key]], dict[str, list[Key]]] = ({}, {})
        for record in records:
            found[record.deleted].setdefault(record.resource, []).append((record.name, record.id))
        living, deleted = ({name: SortedKeys.of(keys) for name, keys in each.items()} for each in found)
        return cls(HashTrieMap(living), HashTrieMap(deleted))

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        return (self.deleted if deleted else self.living).get(resource, NO_KEYS)

    def all_keys(self, resource: str) -> SortedKeys:
        """Living and soft-deleted together, in one order."""
        living, deleted = self.keys(resource), self.keys(resource, deleted=True)
        return SortedKeys.of([*living, *deleted]) if len(deleted) else living

    def add(self, record: Record) -> Listing:
        return self._with(record, self.keys(record.resource, record.deleted).insert((record.name, record.id)))

    def drop(self, record: Record) -> Listing:
        return self._with(record, self.keys(record.resource, record.deleted).remove((record.name, record.id)))

    def _with(self, record: Record, keys: SortedKeys) -> Listing:
        if record.deleted:
            return Listing(self.living, self.deleted.insert(record.resource, keys))
        return Listing(self.living.insert(record.resource, keys), self.deleted)
