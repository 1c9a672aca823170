"""What was worked out from a state, kept with what was read for it: it holds while that reads the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from rpds import HashTrieMap

from mockserver.world.links import NO_LINKS, NO_SOURCES, NOWHERE, Links, Web
from mockserver.world.listing import NO_KEYS, Listing
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.sorted import SortedKeys

Found = TypeVar("Found")
MOST_FINDINGS = 4096
Maps: TypeAlias = "Mapping[str, HashTrieMap[Any, Any]]"


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
        return self.web.links(source, relation)

    def sources(self, target: str, relation: str) -> Iterable[str]:
        """The ids of the records that link to this one, in no order."""
        return self.web.sources(target, relation)


class Noting(Reader):
    """Answers alike and notes what was found under which key of which map."""

    __slots__ = ("back", "forth", "other")

    def __init__(self, state: Reader | Root) -> None:
        self.records, self.names, self.listing, self.web = state.records, state.names, state.listing, state.web
        self.other: dict[str, dict[Any, object]] = {"records": {}}
        self.forth: dict[str, dict[Any, object]] = {}
        self.back: dict[str, dict[Any, object]] = {}

    def record(self, id: str) -> Record | None:
        found = self.other["records"][id] = self.records.get(id)
        return found

    def find(self, resource: str, name: str) -> Record | None:
        id = self.other.setdefault("names", {})[resource, name] = self.names.get((resource, name))
        return None if id is None else self.record(id)

    def keys(self, resource: str, deleted: bool = False) -> SortedKeys:
        name, place = ("deleted", self.listing.deleted) if deleted else ("living", self.listing.living)
        found = self.other.setdefault(name, {})[resource] = place.get(resource)
        return NO_KEYS if found is None else found

    def links(self, source: str, relation: str) -> Links:
        found = self.web.links(source, relation)
        self.forth.setdefault(relation, {})[source] = found
        return found

    def sources(self, target: str, relation: str) -> Iterable[str]:
        found = self.web.sources(target, relation)
        self.back.setdefault(relation, {})[target] = found
        return found


class Finding:
    """A value, what was read for it, and the maps in which that was looked for last."""

    __slots__ = ("_back", "_forth", "_other", "records", "value", "web")

    def __init__(self, value: Any, read: Noting) -> None:
        self.value = value
        self.records, self.web = read.records, read.web
        self._other = _noted(read.other, _others(read), None)
        self._forth = _noted(read.forth, read.web.forth, NO_LINKS)
        self._back = _noted(read.back, read.web.back, NO_SOURCES)

    def holds(self, state: Reader | Root) -> bool:
        """Whether the same would be found in this state. Names and listings do not change without the records."""
        records, web = state.records, state.web
        if records is not self.records:
            if self._other and not _same(self._other, _others(state)):
                return False
            self.records = records
        if web is not self.web:
            if not (_same(self._forth, web.forth) and _same(self._back, web.back)):
                return False
            self.web = web
        return True


class Note:
    """What was found under some keys of one map, and the map in which that was so last."""

    __slots__ = ("found", "map", "name", "nothing")

    def __init__(self, name: str, maps: Maps, found: Mapping[Any, object], nothing: object) -> None:
        self.name = name
        self.map = maps.get(name, NOWHERE)
        self.found = tuple(found.items())
        self.nothing = nothing


def _others(state: Reader | Root) -> Maps:
    listing = state.listing
    return {"records": state.records, "names": state.names, "living": listing.living, "deleted": listing.deleted}


def _noted(read: Mapping[str, dict[Any, object]], maps: Maps, nothing: object) -> list[Note]:
    return [Note(name, maps, found, nothing) for name, found in read.items() if found]


def _same(notes: list[Note], maps: Maps) -> bool:
    """Whether all that was found is found in the maps of now; those that did not change are not looked into."""
    for note in notes:
        now = maps.get(note.name, NOWHERE)
        if now is note.map:
            continue
        get, nothing = now.get, note.nothing
        for key, found in note.found:
            if get(key, nothing) is not found:
                return False
        note.map = now
    return True


class Memory:
    """The findings about one world by what they are about, a bounded number of them. Each looks after its own truth.

    They are in two generations: while the younger one grows the elder is forgotten, one by one so that it never takes
    long, but for what is asked for again.
    """

    __slots__ = ("_elder", "_findings")

    def __init__(self) -> None:
        self._findings: dict[Hashable, Finding] = {}
        self._elder: dict[Hashable, Finding] = {}

    def __len__(self) -> int:
        return len(self._findings.keys() | self._elder.keys())

    def recall(self, state: Reader | Root, key: Hashable, work: Callable[..., Found], *given: Any) -> Found:
        """What `work` finds in this state; it is done only when what it read the last time has changed.

        It is called with who answers for the state, and with what is given, of which the key must say all.
        """
        finding = self._findings.get(key)
        # Most are asked for again in the state in which they were found to hold.
        if finding is not None and (
            (finding.records is state.records and finding.web is state.web) or finding.holds(state)
        ):
            value: Found = finding.value
            return value
        elder = self._elder.get(key) if finding is None else None
        if elder is not None and elder.holds(state):
            finding = elder
        else:
            read = Noting(state)
            finding = Finding(work(read, *given), read)
        if self._elder:
            self._elder.popitem()
        if len(self._findings) >= MOST_FINDINGS // 2:
            self._elder, self._findings = self._findings, {}
        self._findings[key] = finding
        found: Found = finding.value
        return found
