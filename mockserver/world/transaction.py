"""One request's view of a world: reads see its own writes, and nothing is shared until it is committed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from rpds import List

from mockserver.world.clock import Clock
from mockserver.world.events import Event, Events
from mockserver.world.faults import Faults
from mockserver.world.links import NO_LINKS, Links, Web
from mockserver.world.record import Data, Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.sorted import SortedKeys

VIEW_LIMIT = 4096
Views = dict[Hashable, Any]
Write = tuple[Any, ...]
NO_HISTORY: List[Snapshot] = List()


class Mark(NamedTuple):
    """A moment of a transaction, to go back to."""

    root: Root
    written: int


class Transaction:
    """A draft of the next root; dropping it undoes everything.

    `log` holds the writes, each a method's name and its arguments: done again on the same root they give the same one.
    """

    __slots__ = (
        "_events",
        "_faults",
        "_histories",
        "_listing",
        "_moment",
        "_names",
        "_records",
        "_web",
        "clock",
        "drawn",
        "log",
        "seed",
        "views",
    )

    def __init__(self, root: Root, views: Views | None = None) -> None:
        self.views: Views = {} if views is None else views
        self.log: list[Write] = []
        self._moment: int | None = None
        self.clock: Clock
        self._faults: Faults
        self._events: Events
        self._web: Web
        self._take(root)

    def _take(self, root: Root) -> None:
        (
            self._records,
            self._names,
            self._listing,
            self._web,
            self._histories,
            self._events,
            self.clock,
            self.seed,
            self.drawn,
            self._faults,
        ) = root

    @property
    def is_pure(self) -> bool:
        """Whether nothing was written, and nothing read but what follows from the root."""
        return not self.log and self._moment is None

    def commit(self) -> Root:
        """The root that holds everything written here."""
        return Root(
            self._records,
            self._names,
            self._listing,
            self._web,
            self._histories,
            self._events,
            self.clock,
            self.seed,
            self.drawn,
            self._faults,
        )

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self._records)

    def mark(self) -> Mark:
        """This moment, for `back_to`."""
        return Mark(self.commit(), len(self.log))

    def back_to(self, mark: Mark) -> None:
        """Undoes what was written since."""
        if len(self.log) == mark.written:
            return
        self._take(mark.root)
        self.views = {}
        del self.log[mark.written :]

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
        self.log.append(("put", record, unique))
        self.views = {}
        previous = self._records.get(record.id)
        if previous is not None:
            self._listing = self._listing.drop(previous)
        self._records = self._records.insert(record.id, record)
        self._names = self._names.insert((record.resource, unique), record.id)
        self._listing = self._listing.add(record)

    def replace(self, record: Record) -> None:
        """Stores new own fields of a record whose unique name stays."""
        self.log.append(("replace", record))
        self.views = {}
        previous = self._records[record.id]
        self._records = self._records.insert(record.id, record)
        if previous.deleted != record.deleted or previous.name != record.name:
            self._listing = self._listing.drop(previous).add(record)

    def remove(self, record: Record, unique: str) -> None:
        """Forgets a record and its history."""
        self.log.append(("remove", record, unique))
        self.views = {}
        self._listing = self._listing.drop(record)
        self._records = self._records.discard(record.id)
        self._names = self._names.discard((record.resource, unique))
        self._histories = self._histories.discard(record.id)

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        """The `(name, id)` keys of the living, or of the soft-deleted, records of a resource."""
        return self._listing.keys(resource, deleted)

    def all_keys(self, resource: str) -> SortedKeys:
        """Living and soft-deleted keys together, in order."""
        return self._listing.all_keys(resource)

    def links(self, source: str, relation: str) -> Links:
        """The ids that a record is linked to in the order they came, each with its value. Not to be changed."""
        return self._web.forth.get((source, relation), NO_LINKS)

    def sources(self, target: str, relation: str) -> Iterator[str]:
        """The ids of the records that link to this one, in no order."""
        return iter(self._web.back.get((target, relation), ()))

    def link(self, source: str, relation: str, target: str, value: Any = None, *, tracked: bool = True) -> None:
        """Adds a link, or gives it another value; one that is not `tracked` leaves what is remembered as it is."""
        self.log.append(("link", source, relation, target, value))
        if tracked:
            self.views = {}
        self._web = self._web.link(source, relation, target, value)

    def unlink(self, source: str, relation: str, target: str, *, tracked: bool = True) -> None:
        if target not in self.links(source, relation):
            return
        self.log.append(("unlink", source, relation, target))
        if tracked:
            self.views = {}
        self._web = self._web.unlink(source, relation, target)

    def set_links(self, source: str, relation: str, targets: Links) -> None:
        """Makes a record's links of one relation exactly these."""
        current = self.links(source, relation)
        if list(current.items()) == list(targets.items()):
            return
        for target in current:
            self.unlink(source, relation, target)
        for target, value in targets.items():
            self.link(source, relation, target, value)

    def history(self, id: str) -> List[Snapshot]:
        """The superseded versions, newest first."""
        return self._histories.get(id, NO_HISTORY)

    def remember(self, id: str, *snapshots: Snapshot) -> None:
        """Puts snapshots, newest first, before those that are there."""
        history = self._histories.get(id, NO_HISTORY)
        for snapshot in reversed(snapshots):
            self.log.append(("remember", id, snapshot))
            history = history.push_front(snapshot)
        self._histories = self._histories.insert(id, history)

    def forget_latest(self, id: str) -> None:
        """Drops the newest superseded version."""
        self.log.append(("forget_latest", id))
        self._histories = self._histories.insert(id, self._histories[id].drop_first())

    def tell(self, event: Event) -> None:
        """Adds an event; the oldest may be dropped for it."""
        self.log.append(("tell", event))
        self._events = self._events.add(event)

    @property
    def next_event(self) -> int:
        """The number that the next event has."""
        return self._events.next

    def events(self) -> Iterator[Event]:
        """All events, newest first."""
        return self._events.newest_first()

    def set_faults(self, faults: Faults) -> None:
        self.log.append(("set_faults", faults))
        self._faults = faults

    def set_clock(self, clock: Clock) -> None:
        self.log.append(("set_clock", clock))
        self.clock = clock
        self._moment = None

    def now(self) -> int:
        """Milliseconds since 1970, by the world's clock: one moment for all that a request does."""
        self._moment = self.clock.now() if self._moment is None else self._moment
        return self._moment

    def new_id(self) -> str:
        """A UUID that depends only on the world's seed and on how many were drawn before."""
        self.log.append(("new_id",))
        digits = blake2b(b"%d:%d" % (self.seed, self.drawn), digest_size=16).hexdigest()
        self.drawn += 1
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
