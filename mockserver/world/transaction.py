"""One request's view of a world: reads see its own writes, and nothing is shared until it is committed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from hashlib import blake2b
from typing import Any

from rpds import HashTrieMap

from mockserver.world.root import Data, Event, Links, Record, Root, Snapshot
from mockserver.world.sorted import Key, SortedKeys

EVENT_LIMIT = 10_000
VIEW_LIMIT = 4096
Views = dict[Hashable, Any]
NO_LINKS: Links = {}
NO_KEYS = SortedKeys()


class Transaction:
    """A draft of the next root; dropping it undoes everything."""

    __slots__ = (
        "_backlinks",
        "_deleted",
        "_events",
        "_histories",
        "_links",
        "_living",
        "_moment",
        "_names",
        "_records",
        "changed",
        "clock",
        "drawn",
        "first_event",
        "next_event",
        "seed",
        "views",
    )

    def __init__(self, root: Root, views: Views | None = None) -> None:
        self.views: Views = {} if views is None else views
        self.changed = False
        self._moment: int | None = None
        (
            self._records,
            self._names,
            self._living,
            self._deleted,
            self._links,
            self._backlinks,
            self._histories,
            self._events,
            self.first_event,
            self.next_event,
            self.clock,
            self.seed,
            self.drawn,
        ) = root

    def commit(self) -> Root:
        """The root that holds everything written here."""
        return Root(
            self._records,
            self._names,
            self._living,
            self._deleted,
            self._links,
            self._backlinks,
            self._histories,
            self._events,
            self.first_event,
            self.next_event,
            self.clock,
            self.seed,
            self.drawn,
        )

    def restore(self, root: Root) -> None:
        """Back to how it was when `commit` gave this root."""
        moment = self._moment
        changed = self.changed
        self.__init__(root)  # type: ignore[misc]
        self.changed = changed
        self._moment = moment

    def remember_view(self, key: Hashable, value: Data) -> None:
        """Keeps what follows from records and tracked links alone, until one of these is written."""
        if len(self.views) >= VIEW_LIMIT:
            self.views.clear()
        self.views[key] = value

    def record(self, id: str) -> Record | None:
        return self._records.get(id)

    def find(self, resource: str, name: str) -> Record | None:
        """The record of that unique name, deleted or not."""
        id = self._names.get((resource, name))
        return None if id is None else self._records.get(id)

    def put(self, record: Record, unique: str) -> None:
        """Stores a record under its id and unique name, new or in place of the one with its id."""
        self.changed = True
        self.views = {}
        previous = self._records.get(record.id)
        if previous is not None:
            self._unlist(previous)
        self._records = self._records.insert(record.id, record)
        self._names = self._names.insert((record.resource, unique), record.id)
        self._list(record)

    def replace(self, record: Record) -> None:
        """Stores new own fields of a record whose unique name stays."""
        self.changed = True
        self.views = {}
        previous = self._records[record.id]
        self._records = self._records.insert(record.id, record)
        if previous.deleted != record.deleted or previous.name != record.name:
            self._unlist(previous)
            self._list(record)

    def remove(self, record: Record, unique: str) -> None:
        """Forgets a record, its history and every link from and to it."""
        self.changed = True
        self.views = {}
        self._unlist(record)
        self._records = self._records.discard(record.id)
        self._names = self._names.discard((record.resource, unique))
        self._histories = self._histories.discard(record.id)

    def _list(self, record: Record) -> None:
        if record.deleted:
            keys = self._deleted.get(record.resource, NO_KEYS)
            self._deleted = self._deleted.insert(record.resource, keys.insert((record.name, record.id)))
            return
        keys = self._living.get(record.resource, NO_KEYS)
        self._living = self._living.insert(record.resource, keys.insert((record.name, record.id)))

    def _unlist(self, record: Record) -> None:
        key = (record.name, record.id)
        if record.deleted:
            self._deleted = self._deleted.insert(
                record.resource, self._deleted.get(record.resource, NO_KEYS).remove(key)
            )
            return
        self._living = self._living.insert(record.resource, self._living.get(record.resource, NO_KEYS).remove(key))

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        """The `(name, id)` keys of the living, or of the soft-deleted, records of a resource."""
        return (self._deleted if deleted else self._living).get(resource, NO_KEYS)

    def links(self, source: str, relation: str) -> Links:
        """The ids that a record is linked to in the order they came, each with its value. Not to be changed."""
        return self._links.get((source, relation), NO_LINKS)

    def sources(self, target: str, relation: str) -> Iterator[str]:
        """The ids of the records that link to this one, in no order."""
        return iter(self._backlinks.get((target, relation), ()))

    def link(self, source: str, relation: str, target: str, value: Any = None, *, tracked: bool = True) -> None:
        """Adds a link, or gives it another value; one that is not `tracked` leaves what is remembered as it is."""
        self.changed = True
        if tracked:
            self.views = {}
        links = self._links.get((source, relation), NO_LINKS)
        self._links = self._links.insert((source, relation), {**links, target: value})
        back = self._backlinks.get((target, relation))
        if back is None:
            back = HashTrieMap()
        self._backlinks = self._backlinks.insert((target, relation), back.insert(source, None))

    def unlink(self, source: str, relation: str, target: str, *, tracked: bool = True) -> None:
        self.changed = True
        if tracked:
            self.views = {}
        links = self._links.get((source, relation), NO_LINKS)
        if target not in links:
            return
        rest = {key: value for key, value in links.items() if key != target}
        self._links = self._links.insert((source, relation), rest) if rest else self._links.discard((source, relation))
        back = self._backlinks[(target, relation)].discard(source)
        self._backlinks = (
            self._backlinks.insert((target, relation), back)
            if len(back)
            else self._backlinks.discard((target, relation))
        )

    def set_links(self, source: str, relation: str, targets: Links) -> None:
        """Makes a record's links of one relation exactly these."""
        current = self.links(source, relation)
        if list(current.items()) == list(targets.items()):
            return
        for target in current:
            self.unlink(source, relation, target)
        for target, value in targets.items():
            self.link(source, relation, target, value)

    def history(self, id: str) -> tuple[Snapshot, ...]:
        """The superseded versions, newest first."""
        return self._histories.get(id, ())

    def remember(self, id: str, *snapshots: Snapshot) -> None:
        """Puts snapshots, newest first, before those that are there."""
        self.changed = True
        self._histories = self._histories.insert(id, (*snapshots, *self._histories.get(id, ())))

    def forget_latest(self, id: str) -> None:
        """Drops the newest superseded version."""
        self.changed = True
        self._histories = self._histories.insert(id, self._histories[id][1:])

    def tell(self, event: Event) -> None:
        """Adds an event; the oldest is dropped beyond EVENT_LIMIT."""
        self.changed = True
        self._events = self._events.insert(event.sequence, event)
        self.next_event = event.sequence + 1
        if self.next_event - self.first_event > EVENT_LIMIT:
            self._events = self._events.discard(self.first_event)
            self.first_event += 1

    def events(self) -> Iterator[Event]:
        """All events, newest first."""
        for sequence in range(self.next_event - 1, self.first_event - 1, -1):
            yield self._events[sequence]

    def now(self) -> int:
        """Milliseconds since 1970, by the world's clock: one moment for all that a request does."""
        if self._moment is None:
            self._moment = self.clock.now()
        return self._moment

    def new_id(self) -> str:
        """A UUID that depends only on the world's seed and on how many were drawn before."""
        self.changed = True
        digits = blake2b(b"%d:%d" % (self.seed, self.drawn), digest_size=16).hexdigest()
        self.drawn += 1
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def page_keys(self, resource: str) -> Iterator[Key]:
        """Living and soft-deleted keys together, in order."""
        living, deleted = self.keys(resource), self.keys(resource, deleted=True)
        if not len(deleted):
            return iter(living)
        return iter(SortedKeys.of([*living, *deleted]))
