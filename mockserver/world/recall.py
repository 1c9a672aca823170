"""What was worked out from a state, kept with what was read for it: it holds while that reads the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from rpds import HashTrieMap

from mockserver.world.links import NO_LINKS, NO_SOURCES, Links, Web
from mockserver.world.listing import NO_KEYS, Listing
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.sorted import SortedKeys

Found = TypeVar("Found")
MOST_FINDINGS = 4096
# The maps of a state in which something is looked for.
PLACES = tuple(map(attrgetter, ("records", "web.forth", "web.back", "names", "listing.living", "listing.deleted")))
Notes = list[tuple[Callable[[Any], Any], tuple[tuple[Any, object], ...]]]


class Reader:
    """Answers what is in a state."""

    __slots__ = ("listing", "names", "records", "web")

    records: HashTrieMap[str, Record]
    names: HashTrieMap[tuple[str, str], str]
    listing: Listing
    web: Web

    def record(self, id: str) -> Record | None:
        return self.records.get(id)

    def find(self, resource: str, name: str) -> Record | None:
        """The record of that unique name, deleted or not."""
        id = self.names.get((resource, name))
        return None if id is None else self.record(id)

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        """The `(name, id)` keys of the living, or of the soft-deleted, records of a resource."""
        return self.listing.keys(resource, deleted)

    def links(self, source: str, relation: str) -> Links:
        """The ids that a record is linked to in the order they came, each with its value. Not to be changed."""
        return self.web.forth.get((source, relation), NO_LINKS)

    def sources(self, target: str, relation: str) -> Iterable[str]:
        """The ids of the records that link to this one, in no order."""
        return self.web.back.get((target, relation), NO_SOURCES)


class Noting(Reader):
    """Answers alike and notes what was found where."""

    __slots__ = ("_back", "_deleted", "_forth", "_living", "_names", "_records")

    def __init__(self, state: Reader | Root) -> None:
        self.records, self.names, self.listing, self.web = state.records, state.names, state.listing, state.web
        self._records: dict[str, object] = {}
        self._forth: dict[tuple[str, str], object] = {}
        self._back: dict[tuple[str, str], object] = {}
        self._names: dict[tuple[str, str], object] = {}
        self._living: dict[str, object] = {}
        self._deleted: dict[str, object] = {}

    def record(self, id: str) -> Record | None:
        found = self._records[id] = self.records.get(id)
        return found

    def find(self, resource: str, name: str) -> Record | None:
        id = self._names[resource, name] = self.names.get((resource, name))
        return None if id is None else self.record(id)

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        noted, place = (self._deleted, self.listing.deleted) if deleted else (self._living, self.listing.living)
        found = noted[resource] = place.get(resource)
        return NO_KEYS if found is None else found

    def links(self, source: str, relation: str) -> Links:
        found = self._forth[source, relation] = self.web.forth.get((source, relation))
        return NO_LINKS if found is None else found

    def sources(self, target: str, relation: str) -> Iterable[str]:
        found = self._back[target, relation] = self.web.back.get((target, relation))
        return NO_SOURCES if found is None else found

    def notes(self) -> Notes:
        """What was found, by the place where it was looked for."""
        noted: tuple[dict[Any, object], ...] = (
            *(self._records, self._forth, self._back),
            *(self._names, self._living, self._deleted),
        )
        return [(place, tuple(found.items())) for place, found in zip(PLACES, noted, strict=True) if found]


class Finding:
    """A value, what was read for it, and the maps in which that was looked for last."""

    __slots__ = ("_maps", "_notes", "_records", "_web", "value")

    def __init__(self, value: Any, read: Noting) -> None:
        self.value = value
        self._notes = read.notes()
        self._maps = [place(read) for place, _ in self._notes]
        self._records, self._web = read.records, read.web

    def holds(self, state: Reader | Root) -> bool:
        """Whether the same would be found in this state; names and listings change with the records only."""
        if state.records is self._records and state.web is self._web:
            return True
        maps = [place(state) for place, _ in self._notes]
        for at, (_, notes) in enumerate(self._notes):
            if maps[at] is self._maps[at]:
                continue
            get = maps[at].get
            for key, found in notes:
                if get(key) is not found:
                    return False
        self._maps, self._records, self._web = maps, state.records, state.web
        return True


class Memory:
    """The findings about one world by what they are about, a bounded number of them. Each looks after its own truth."""

    __slots__ = ("_findings",)

    def __init__(self) -> None:
        self._findings: dict[Hashable, Finding] = {}

    def __len__(self) -> int:
        return len(self._findings)

    def recall(self, state: Reader | Root, key: Hashable, work: Callable[..., Found], *given: Any) -> Found:
        """What `work` finds in this state; it is done only when what it read the last time has changed.

        It is called with who answers for the state, and with what is given, of which the key must say all.
        """
        finding = self._findings.get(key)
        if finding is None or not finding.holds(state):
            read = Noting(state)
            finding = Finding(work(read, *given), read)
            if len(self._findings) >= MOST_FINDINGS:
                self._findings.clear()
            self._findings[key] = finding
        found: Found = finding.value
        return found
