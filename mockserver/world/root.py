"""The immutable whole of a world; every write makes a new one that shares all it did not change."""

from __future__ import annotations

from typing import NamedTuple

from rpds import HashTrieMap, List

from mockserver.world.clock import Clock
from mockserver.world.events import Events
from mockserver.world.faults import Faults
from mockserver.world.links import Web
from mockserver.world.listing import Listing
from mockserver.world.record import Record


class Snapshot(NamedTuple):
    """A superseded version of a record: its number and its JSON text as it was answered then."""

    version: str
    text: str


class Root(NamedTuple):
    """All state under one name. The dicts inside the maps are never changed in place."""

    records: HashTrieMap[str, Record] = HashTrieMap()
    names: HashTrieMap[tuple[str, str], str] = HashTrieMap()
    listing: Listing = Listing()
    web: Web = Web()
    histories: HashTrieMap[str, List[Snapshot]] = HashTrieMap()
    events: Events = Events()
    clock: Clock = Clock()
    seed: int = 0
    drawn: int = 0
    faults: Faults = Faults()

    def with_clock(self, clock: Clock) -> Root:
        return self._replace(clock=clock)
