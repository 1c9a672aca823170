"""The immutable whole of a world; every write makes a new one that shares all it did not change."""

from __future__ import annotations

from typing import Any, NamedTuple

from rpds import HashTrieMap

from mockserver.world.clock import Clock
from mockserver.world.sorted import SortedKeys

Data = dict[str, Any]
Links = dict[str, Any]


class Record(NamedTuple):
    """One stored thing: its own fields only; what it is related to stands in the world's links."""

    resource: str
    id: str
    data: Data

    @property
    def name(self) -> str:
        return str(self.data.get("name", self.id))

    @property
    def deleted(self) -> bool:
        return bool(self.data.get("deleted"))

    def with_data(self, **changes: Any) -> Record:
        return Record(self.resource, self.id, {**self.data, **changes})


class Snapshot(NamedTuple):
    """A superseded version of a record: its number and its JSON text as it was answered then."""

    version: str
    text: str


class Event(NamedTuple):
    """One change as it is told: its own fields, and the JSON text of the record after it."""

    sequence: int
    id: str
    kind: str
    entity_type: str
    entity_id: str
    timestamp: int
    user: str
    body: Data
    entity: bytes


class Root(NamedTuple):
    """All state under one name. The dicts inside the maps are never changed in place."""

    records: HashTrieMap[str, Record] = HashTrieMap()
    names: HashTrieMap[tuple[str, str], str] = HashTrieMap()
    living: HashTrieMap[str, SortedKeys] = HashTrieMap()
    deleted: HashTrieMap[str, SortedKeys] = HashTrieMap()
    links: HashTrieMap[tuple[str, str], Links] = HashTrieMap()
    backlinks: HashTrieMap[tuple[str, str], HashTrieMap[str, None]] = HashTrieMap()
    histories: HashTrieMap[str, tuple[Snapshot, ...]] = HashTrieMap()
    events: HashTrieMap[int, Event] = HashTrieMap()
    first_event: int = 0
    next_event: int = 0
    clock: Clock = Clock()
    seed: int = 0
    drawn: int = 0

    def with_clock(self, clock: Clock) -> Root:
        return self._replace(clock=clock)
