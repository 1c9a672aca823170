"""One request's view of a world: reads see its own writes, and nothing is shared until it is committed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from rpds import List

from mockserver.world.clock import Clock
from mockserver.world.descent import follow
from mockserver.world.events import Event
from mockserver.world.faults import Faults
from mockserver.world.links import Links
from mockserver.world.outbox import Delivery, Outbox
from mockserver.world.recall import Memory, Reader
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.sorted import SortedKeys

Found = TypeVar("Found")
Write = tuple[Any, ...]
WRITES_A_RECORD = frozenset(("put", "replace", "rename", "remove"))
WRITES_A_LINK = frozenset(("link", "unlink"))
NO_HISTORY: List[Snapshot] = List()
_whole = attrgetter(*Root._fields)


class Mark(NamedTuple):
    """A moment of a transaction, to go back to."""

    root: Root
    written: int


class Transaction(Reader):
    """A draft of the next root; dropping it undoes everything.

    `log` holds the writes, each a method's name and its arguments: done again on the same root they give the same one.
    """

    __slots__ = (
        "_base",
        "_moment",
        "clock",
        "descent",
        "drawn",
        "events",
        "faults",
        "histories",
        "log",
        "memory",
        "outbox",
        "seed",
    )

    def __init__(self, root: Root, memory: Memory | None = None) -> None:
        self.memory = Memory() if memory is None else memory
        self.log: list[Write] = []
        self._moment: int | None = None
        self._base = root
        self._take(root)

    def _take(self, root: Root) -> None:
        (
            self.records,
            self.names,
            self.listing,
            self.web,
            self.histories,
            self.events,
            self.clock,
            self.seed,
            self.drawn,
            self.faults,
            self.outbox,
            self.descent,
        ) = root

    @property
    def is_pure(self) -> bool:
        """Whether nothing was written, and nothing read but what follows from the root."""
        return not self.log and self._moment is None

    def commit(self) -> Root:
        """The root that holds everything written here."""
        self.descent = follow(self._base, self.records, self._touched())
        return Root._make(_whole(self))

    def _touched(self) -> Iterator[str]:
        """The records that were written, and those whose links were."""
        for write in self.log:
            if write[0] in WRITES_A_RECORD:
                yield write[1].id
            elif write[0] in WRITES_A_LINK:
                yield write[1]

    def recall(self, key: Hashable, work: Callable[..., Found], *given: Any) -> Found:
        """What `work` finds here; it is done only when what it read the last time has changed."""
        return self.memory.recall(self, key, work, *given)

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self.records)

    def mark(self) -> Mark:
        """This moment, for `back_to`."""
        return Mark(Root._make(_whole(self)), len(self.log))

    def back_to(self, mark: Mark) -> None:
        """Undoes what was written since."""
        if len(self.log) == mark.written:
            return
        self._take(mark.root)
        del self.log[mark.written :]

    def put(self, record: Record, unique: str) -> None:
        """Stores a record under its id and unique name, new or in place of the one with its id."""
        self.log.append(("put", record, unique))
        previous = self.records.get(record.id)
        if previous is not None:
            self.listing = self.listing.drop(previous)
        self.records = self.records.insert(record.id, record)
        self.names = self.names.insert((record.resource, unique), record.id)
        self.listing = self.listing.add(record)

    def replace(self, record: Record) -> None:
        """Stores new own fields of a record whose unique name stays."""
        self.log.append(("replace", record))
        previous = self.records[record.id]
        self.records = self.records.insert(record.id, record)
        if previous.deleted != record.deleted or previous.name != record.name:
            self.listing = self.listing.drop(previous).add(record)

    def rename(self, record: Record, old: str, new: str) -> None:
        """Stores new own fields of a record under another unique name."""
        self.log.append(("rename", record, old, new))
        previous = self.records[record.id]
        self.records = self.records.insert(record.id, record)
        self.names = self.names.discard((record.resource, old)).insert((record.resource, new), record.id)
        if previous.deleted != record.deleted or previous.name != record.name:
            self.listing = self.listing.drop(previous).add(record)

    def remove(self, record: Record, unique: str) -> None:
        """Forgets a record and its history."""
        self.log.append(("remove", record, unique))
        self.listing = self.listing.drop(record)
        self.records = self.records.discard(record.id)
        self.names = self.names.discard((record.resource, unique))
        self.histories = self.histories.discard(record.id)

    def all_keys(self, resource: str) -> SortedKeys:
        """Living and soft-deleted keys together, in order."""
        return self.listing.all_keys(resource)

    def link(self, source: str, relation: str, target: str, value: Any = None) -> None:
        """Adds a link, or gives it another value."""
        self.log.append(("link", source, relation, target, value))
        self.web = self.web.link(source, relation, target, value)

    def unlink(self, source: str, relation: str, target: str) -> None:
        if target not in self.links(source, relation):
            return
        self.log.append(("unlink", source, relation, target))
        self.web = self.web.unlink(source, relation, target)

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
        return self.histories.get(id, NO_HISTORY)

    def remember(self, id: str, *snapshots: Snapshot) -> None:
        """Puts snapshots, newest first, before those that are there."""
        history = self.histories.get(id, NO_HISTORY)
        for snapshot in reversed(snapshots):
            self.log.append(("remember", id, snapshot))
            history = history.push_front(snapshot)
        self.histories = self.histories.insert(id, history)

    def forget_latest(self, id: str) -> None:
        """Drops the newest superseded version."""
        self.log.append(("forget_latest", id))
        self.histories = self.histories.insert(id, self.histories[id].drop_first())

    def tell(self, event: Event) -> None:
        """Adds an event; the oldest may be dropped for it."""
        self.log.append(("tell", event))
        self.events = self.events.add(event)

    def enqueue(self, delivery: Delivery) -> None:
        """Adds a delivery, to be made when this is committed; the oldest may be dropped for it."""
        self.log.append(("enqueue", delivery))
        self.outbox = self.outbox.add(delivery)

    def amend(self, delivery: Delivery) -> None:
        """Says what became of a delivery."""
        self.log.append(("amend", delivery))
        self.outbox = self.outbox.amend(delivery)

    def set_outbox(self, outbox: Outbox) -> None:
        self.log.append(("set_outbox", outbox))
        self.outbox = outbox

    def set_faults(self, faults: Faults) -> None:
        self.log.append(("set_faults", faults))
        self.faults = faults

    def set_clock(self, clock: Clock) -> None:
        self.log.append(("set_clock", clock))
        self.clock = clock
        self._moment = None

    def now(self) -> int:
        """Milliseconds since 1970, by the world's clock: one moment for all that a request does."""
        self._moment = self.clock.now() if self._moment is None else self._moment
        return self._moment

    def draw(self) -> int:
        """How many ids were drawn before this one."""
        self.log.append(("new_id",))
        self.drawn += 1
        return self.drawn - 1

    def new_id(self) -> str:
        """A UUID that depends only on the world's seed and on how many were drawn before."""
        digits = blake2b(b"%d:%d" % (self.seed, self.draw()), digest_size=16).hexdigest()
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
