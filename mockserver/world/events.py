"""Change events, the newest of them kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rpds import HashTrieMap

from mockserver.world.record import Data

EVENT_LIMIT = 10_000


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


class Events(NamedTuple):
    """The events from `first` up to `next` by their number."""

    kept: HashTrieMap[int, Event] = HashTrieMap()
    first: int = 0
    next: int = 0

    def add(self, event: Event) -> Events:
        """With one more; the oldest is dropped beyond EVENT_LIMIT."""
        kept, first, following = self.kept.insert(event.sequence, event), self.first, event.sequence + 1
        if following - first <= EVENT_LIMIT:
            return Events(kept, first, following)
        return Events(kept.discard(first), first + 1, following)

    def newest_first(self) -> Iterator[Event]:
        for sequence in range(self.next - 1, self.first - 1, -1):
            yield self.kept[sequence]
