"""What a store of worlds is: commits, which never change, and rows that say which commit a world stands at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from mockserver.stores.exchange import Exchange
    from mockserver.stores.trips import Trip

# Learns of a call, its seconds, and the changes that others forestalled.
Note = Callable[[str, float, int], None]


class CannotOpen(Exception):
    """The store cannot be used; the message says why, and what would be right."""


class Vanished(LookupError):
    """A commit was dropped while it was looked for, because nothing led to it any more."""


class CourierLost(Exception):
    """The connection of a courier is of no use any more, and what was under way may have been done or not."""


class Commit(NamedTuple):
    """A state: the writes that lead there from `parent`, or without a parent all of it."""

    id: str
    parent: str | None
    body: bytes


class Ref(NamedTuple):
    """A commit under a name, and how many records it holds."""

    commit: str
    records: int


class Standing(NamedTuple):
    """Where a world stands; the initial commit tells worlds apart that had one name after the other."""

    version: int
    initial: str


class Stored(NamedTuple):
    """A world's row. `used` in seconds since 1970; `epoch` counts how often its requests were forgotten."""

    name: str
    version: int
    head: str
    initial: str
    records: int
    source: str
    ttl: float | None
    used: float
    epoch: int = 0
    snapshots: Mapping[str, Ref] = {}

    def is_at(self, standing: Standing) -> bool:
        """Whether this is as new as the store was when it was asked."""
        return self.initial == standing.initial and self.version >= standing.version


class Change(NamedTuple):
    """Makes a row another one if it is as it was `before`; None is no row. `id` is its last commit's, or its own."""

    id: str
    before: Stored | None
    after: Stored | None
    commits: tuple[Commit, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        row = self.after or self.before
        if row is None:
            raise ValueError("a change is about a world")
        return row.name


class News(NamedTuple):
    """A world's row, and the commits that lead to its head."""

    row: Stored
    commits: tuple[Commit, ...]


class Courier(Protocol):
    """Goes on trips that hold nobody up: they are sent, and come back, in order, when its descriptor can be read.

    Each of these may raise CourierLost.
    """

    def fileno(self) -> int: ...

    def send(self, trip: Trip[Any]) -> bool:
        """Whether it is on its way as a whole; otherwise `flush` sends more when the descriptor can be written to."""

    def flush(self) -> bool: ...

    def receive(self) -> list[Any]:
        """What the trips came to that are back."""

    def close(self) -> None: ...


class Store(Protocol):
    """Synchronous, and safe to be called by several threads; a 503 or 507 Problem when it cannot do what it should.

    `instant`: a look at where a world stands takes microseconds, so that it may be taken in the event loop; otherwise
    couriers may be sent. `note` is told what they do.
    """

    instant: bool

    def note(self, call: str, seconds: float, late: int, /) -> None: ...

    def apply(self, changes: Sequence[Change]) -> list[bool]:
        """Keeps what may be kept, all together and for good; false for each change that came too late.

        A change that was kept before is kept: who does not know the outcome asks again.
        """

    def in_turn(self, name: str, made: Callable[[], Change | None]) -> bool:
        """Keeps the change that is made while nobody else can change this world; they stand in line for that.

        What is made may be made again, when the database went away before it was kept. False when it came too late.
        """

    def standings(self, names: Collection[str]) -> dict[str, Standing]:
        """Where worlds stand now."""

    def courier(self) -> Courier:
        """A connection for an event loop; for a store that is not instant. CourierLost when it cannot be had."""

    def rows(self, names: Collection[str] | None = None) -> list[Stored]:
        """The worlds of these names, or all, in the order they were created."""

    def gone(self, name: str) -> str | None:
        """Why a world that was here is gone."""

    def lineage(self, heads: Collection[str], known: Collection[str]) -> list[Commit]:
        """These commits with all that they follow from, as far back as to known or whole ones, in no order."""

    def keep(self, commit: Commit) -> None:
        """Keeps a whole commit, if it is not kept yet."""

    def make_whole(self, id: str, body: bytes) -> None:
        """Gives a commit all of its state, so that it needs no parent."""

    def collect(self) -> int:
        """Drops commits that nothing has led to for some time, and says how many."""

    def touch(self, used: Mapping[str, float]) -> None:
        """Notes when worlds were last used."""

    def next_number(self) -> int:
        """A number that nobody was given before."""

    def exchange(self, server: str) -> Exchange:
        """A server's part in what the servers of this store ask one another."""

    def close(self) -> None: ...
