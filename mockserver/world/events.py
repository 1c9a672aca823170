"""Change events, the newest of them kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rpds import HashTrieMap

from mockserver.world.record import Data
from mockserver.world.shown import Shown

EVENT_LIMIT = 10_000
BLOCK = 64


class Event(NamedTuple):
    """One change as it is told: what all changes have, what is told besides, and the record as it was after it."""

    sequence: int
    id: str
    kind: str
    entity_type: str
    entity_id: str
    timestamp: int
    user: str
    body: Data
    entity: str | Shown

    @property
    def text(self) -> str:
        """The record as JSON."""
        return self.entity if isinstance(self.entity, str) else self.entity.text.decode()


class Events(NamedTuple):
    """The events from `first` up to `next` by their number, in blocks, so that one more copies a block only.

    `about` has the number of the newest event about each record that some are about.
    """

    full: tuple[tuple[Event, ...], ...] = ()
    latest: tuple[Event, ...] = ()
    first: int = 0
    next: int = 0
    about: HashTrieMap[str, int] = HashTrieMap()

    @classmethod
    def of(cls, events: Iterable[Event], following: int) -> Events:
        """Events in order, the last of them in front of the number `following`."""
        listed = list(events)
        found = cls(first=following - len(listed), next=following - len(listed))
        for event in listed:
            found = found.add(event)
        return found

    def add(self, event: Event) -> Events:
        """With one more; the oldest is dropped beyond EVENT_LIMIT."""
        full, latest, first, _, about = self
        following = event.sequence + 1
        if following - first > EVENT_LIMIT:
            oldest = self._at(first)
            if about.get(oldest.entity_id) == first:
                about = about.discard(oldest.entity_id)
            first += 1
            if full and full[0][-1].sequence < first:
                full = full[1:]
        latest = (*latest, event)
        if len(latest) == BLOCK:
            full, latest = (*full, latest), ()
        return Events(full, latest, first, following, about.insert(event.entity_id, event.sequence))

    def newest(self, id: str) -> Event | None:
        """The newest event about a record, if it is still kept."""
        number = self.about.get(id)
        return None if number is None else self._at(number)

    def _at(self, number: int) -> Event:
        if self.latest and number >= self.latest[0].sequence:
            return self.latest[number - self.latest[0].sequence]
        block, at = divmod(number - self.full[0][0].sequence, BLOCK)
        return self.full[block][at]

    def newest_first(self) -> Iterator[Event]:
        for block in (self.latest, *reversed(self.full)):
            for event in reversed(block):
                if event.sequence < self.first:
                    return
                yield event
