"""What differs between two states, entity by entity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.values import same
from mockserver.world.record import Record
from mockserver.world.root import Root

Json = Any


class Difference(NamedTuple):
    """One record that is in only one of two states, or not the same in both."""

    record: Record
    kind: str
    changes: Mapping[str, Json]

    def describe(self) -> dict[str, Json]:
        record = self.record
        shown = {
            "resource": record.resource,
            "id": record.id,
            "name": record.data.get("fullyQualifiedName", record.name),
            "change": self.kind,
        }
        return {**shown, "fields": dict(self.changes)} if self.changes else shown


def differences(before: Root, after: Root, relations: Mapping[str, Collection[str]]) -> list[Difference]:
    """All records that came, went or changed, by resource and name. `relations`: the stored ones by resource."""
    found = [*_gone(before, after), *_come_or_changed(before, after, relations)]
    return sorted(found, key=lambda each: (each.record.resource, each.record.name, each.record.id))


def _gone(before: Root, after: Root) -> Iterator[Difference]:
    if before.records is after.records:
        return
    for id, record in before.records.items():
        if id not in after.records:
            yield Difference(record, "deleted", {})


def _come_or_changed(before: Root, after: Root, relations: Mapping[str, Collection[str]]) -> Iterator[Difference]:
    for id, record in after.records.items():
        earlier = before.records.get(id)
        if earlier is None:
            yield Difference(record, "created", {})
        elif changes := {
            **_fields(earlier, record),
            **_links(before, after, id, relations.get(record.resource, ())),
        }:
            yield Difference(record, "updated", changes)


def _fields(before: Record, after: Record) -> dict[str, Json]:
    if before is after or before.data is after.data:
        return {}
    return {
        name: _change(before.data.get(name), after.data.get(name))
        for name in sorted(before.data.keys() | after.data.keys())
        if not same(before.data.get(name), after.data.get(name))
    }


def _links(before: Root, after: Root, id: str, relations: Collection[str]) -> dict[str, Json]:
    if before.web is after.web:
        return {}
    found = {}
    for relation in sorted(relations):
        old, new = before.web.links(id, relation), after.web.links(id, relation)
        if old is not new and old != new:
            found[relation] = _change(_told(before, old), _told(after, new))
    return found


def _change(old: Json, new: Json) -> dict[str, Json]:
    return {key: value for key, value in (("before", old), ("after", new)) if value is not None}


def _told(root: Root, links: Mapping[str, Json]) -> list[Json] | None:
    """The records linked to by their names, each with the link's value where it has one."""
    if not links:
        return None
    told = []
    for id, value in links.items():
        record = root.records.get(id)
        name = id if record is None else record.data.get("fullyQualifiedName", record.name)
        told.append(name if value is None else {"name": name, "value": value})
    return told
