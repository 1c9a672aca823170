"""The immutable whole of a world; every write makes a new one that shares all it did not change."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rpds import HashTrieMap, List

from mockserver.world.clock import Clock
from mockserver.world.descent import Descent
from mockserver.world.events import Events
from mockserver.world.faults import Faults
from mockserver.world.links import Web
from mockserver.world.listing import Listing
from mockserver.world.outbox import Outbox
from mockserver.world.record import Record


class Snapshot:
    """A superseded version of a record: its number and its JSON text as it was answered then.

    A text that is still to be made must follow from what cannot change.
    """

    __slots__ = ("_text", "version")

    def __init__(self, version: str, text: str | Callable[[], str]) -> None:
        self.version = version
        self._text = text

    @property
    def text(self) -> str:
        if not isinstance(self._text, str):
            self._text = self._text()
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and (self.version, self.text) == (other.version, other.text)

    def __hash__(self) -> int:
        return hash(self.version)


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
    outbox: Outbox = Outbox()
    descent: Descent | None = None

    def with_clock(self, clock: Clock) -> Root:
        return self._replace(clock=clock)
