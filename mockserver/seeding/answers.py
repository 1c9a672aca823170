"""Holds every seeded record, as it would be answered, against its schema, and writes the histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from rpds import HashTrieMap, List

from mockserver.behaviours.snapshots import keep
from mockserver.contract.model import Contract
from mockserver.contract.pointer import escape
from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem
from mockserver.seeding.draft import Draft
from mockserver.seeding.entries import Entry
from mockserver.seeding.links import targets
from mockserver.seeding.shapes import HISTORY, own_fields
from mockserver.world.descent import Descent
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.shown import Part, Shown
from mockserver.world.transaction import Transaction

Json = Any


@dataclass(slots=True)
class Version:
    """A record as it was, or is: where that is written, its fields, and the links that it had then."""

    at: str
    value: dict[str, Json]
    record: Record
    links: dict[str, Links]


class Answers:
    """Looks at a root whose records are all there, but whose histories are not."""

    def __init__(self, draft: Draft, root: Root) -> None:
        self.draft = draft
        self.root = root
        self.world = Transaction(root)
        self.home = home(draft.contract)
        self.torn = bool(draft.report)
        self.records: dict[str, Record] = {}
        self.histories: dict[str, List[Snapshot]] = {}

    def settle(self) -> Root:
        """The root with histories, and with change descriptions where a version follows on another."""
        for entry in self.draft.entries:
            self._settle(entry)
        records, histories = HashTrieMap(self.records), HashTrieMap(self.histories)
        return self.root._replace(records=records, histories=histories, descent=Descent())

    def _settle(self, entry: Entry) -> None:
        assert entry.record is not None
        present = Version("", entry.value, entry.record, {})
        if HISTORY not in entry.value:
            self._check(entry, present, self._show(present))
            self.records[entry.id] = entry.record
            return
        before: dict[str, Json] | None = None
        snapshots: list[Snapshot] = []
        for version in (*reversed(list(self._older(entry))), present):
            if before is not None:
                snapshots.insert(0, keep(float(before["version"]), Shown(Part(before)), self.home))
            before = self._follow(entry, version, before)
        self.histories[entry.id] = List(snapshots)
        self.records[entry.id] = present.record

    def _follow(self, entry: Entry, version: Version, before: dict[str, Json] | None) -> dict[str, Json] | None:
        """What a version was answered as, with what it changed in the one before it; None when it is not sound."""
        shown = self._show(version)
        if not self._check(entry, version, shown):
            return None
        if before is not None:
            told = self.draft.dialect.describe(entry.resource, before, shown)
            missing = {key: value for key, value in told.items() if key not in version.value}
            version.record = version.record.with_data(**missing)
            shown.update(missing)
        return shown

    def _show(self, version: Version) -> dict[str, Json]:
        world = self.world
        if version.links:
            world = Transaction(self.root)
            for relation, links in version.links.items():
                world.set_links(version.record.id, relation, links)
        return self.draft.dialect.show(world, self.draft.contract, version.record, self.home)

    def _older(self, entry: Entry) -> Iterator[Version]:
        """The superseded versions, newest first; each must be older than the one before."""
        history, report = entry.value[HISTORY], self.draft.report
        if not isinstance(history, list):
            report.on(entry, f"/{HISTORY}", f"'{HISTORY}' is a list of older versions, newest first")
            return
        assert entry.record is not None
        newer = entry.record.data.get("version")
        for position, value in enumerate(history):
            at = f"/{HISTORY}/{position}"
            version = value.get("version") if isinstance(value, dict) else None
            if not _is_number(version):
                report.on(entry, at, "an older version is an object with a `version`, a number, and the fields it had")
                continue
            if _is_number(newer) and version >= newer:
                message = f"versions are written newest first: {version} does not come before {newer}"
                report.on(entry, f"{at}/version", message)
                continue
            newer = version
            yield Version(at, value, self._record(entry, value, at), self._links(entry, value, at))

    def _record(self, entry: Entry, value: dict[str, Json], at: str) -> Record:
        """An older version's own fields; nested lists that it shares with the record are not worked out again."""
        draft, present = self.draft, entry.record
        assert present is not None
        own: Data = {"name": entry.name}
        own.update(own_fields(draft.contract, draft.shapes[entry.resource.name], entry, value, draft.report, at))
        shared = [key for key in entry.resource.nested if key in own and own[key] is entry.value.get(key)]
        own.update({key: [] for key in shared})
        try:
            data = draft.dialect.plant(draft.contract, entry.resource, entry.id, own, entry.parent, draft.at)
        except Problem as problem:
            draft.report.on(entry, at, problem.message)
            bare = {"name": entry.name}
            data = draft.dialect.plant(draft.contract, entry.resource, entry.id, bare, entry.parent, draft.at)
        data.update({key: present.data[key] for key in shared if key in present.data})
        return Record(entry.resource.name, entry.id, data)

    def _links(self, entry: Entry, value: dict[str, Json], at: str) -> dict[str, Links]:
        """The relations that a version had and the record no longer has."""
        relations = self.draft.shapes[entry.resource.name].relations
        found: dict[str, Links] = {}
        for name in value.keys() & relations.keys():
            if relations[name].inverse is not None:
                message = f"'{name}' is read from the records at its other end; an older version cannot have its own"
                self.draft.report.on(entry, f"{at}/{escape(name)}", message)
                continue
            found[name] = targets(self.draft, entry, relations[name], value[name], at)
        return found

    def _check(self, entry: Entry, version: Version, shown: dict[str, Json]) -> bool:
        """Notes what the schema has against an answer; why a field is missing that was written was noted before."""
        draft, resource = self.draft, entry.resource
        sound = True
        for violation in violations_of(draft.contract, resource.schema, shown):
            sound = False
            where = violation.where.removesuffix("/")
            noted = [*version.value, *((*resource.relations, *resource.derived) if self.torn else ())]
            if where or not any(violation.message.startswith(f'"{name}"') for name in noted):
                draft.report.on(entry, version.at + where, violation.message)
        if sound and (reason := unwritable(shown)):
            sound = False
            draft.report.on(entry, version.at, reason)
        return sound


def unwritable(value: Json) -> str | None:
    """Why a value cannot be sent as JSON, if it cannot."""
    try:
        orjson.dumps(value)
    except TypeError as error:
        return f"this cannot be sent as JSON: {error}"
    return None


def home(contract: Contract) -> str:
    """The absolute URL that the contract's paths are under, by its first server."""
    servers = contract.parts.get("servers") or [{}]
    url = str(servers[0].get("url", ""))
    return url.rstrip("/") if url.startswith(("http://", "https://")) else f"http://localhost{contract.prefix}"


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
