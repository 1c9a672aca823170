"""Who last changed what is said of a record, and by what means: a summary that goes along from version to version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.names import quote
from mockserver.world.record import Record
from mockserver.world.shown import Shown

Json = Any
SUMMARY, SOURCE, AT = "changeSummary", "changeSource", "changedAt"


def of(record: Record | None) -> Mapping[str, Json]:
    """The summary that a record has so far."""
    described: Mapping[str, Json] = {} if record is None else record.data.get("changeDescription", {})
    found: Mapping[str, Json] = described.get(SUMMARY, {})
    return found


def repeats(context: Context, record: Record) -> bool:
    """Whether a change is said to be made by the same means as the last summarized one."""
    source = context.arguments.get(SOURCE)
    latest: Json = max(of(record).values(), key=lambda each: int(each[AT]), default={})
    return source is not None and source == latest.get(SOURCE)


def carried(context: Context, record: Record, changes: Changes, after: Shown) -> dict[str, Json]:
    """The summary after some changes: what they touch is told anew, and what is gone is told no longer."""
    resource = context.contract.resources[record.resource]
    if not resource.summarized:
        return {}
    told = {"changedBy": context.principal.name, AT: context.world.now()}
    if source := context.arguments.get(SOURCE):
        told = {SOURCE: source, **told}
    names = [str(entry["name"]) for entry in (*changes.added, *changes.updated, *changes.deleted)]
    touched = {name: told for name in names if _is_summarized(resource, name)}
    there = set(_there(resource, after.members))
    whole = {**of(context.world.record(record.id)), **touched}
    return {name: each for name, each in whole.items() if name in there}


def _is_summarized(resource: Resource, name: str) -> bool:
    """Whether a field is summarized, or one of what is nested in a record: `columns.a.b.description`."""
    first, _, last = name.partition(".")
    return name in resource.summarized or f"{first}.{last.rpartition('.')[2]}" in resource.summarized


def _there(resource: Resource, shown: Mapping[str, Json]) -> Iterator[str]:
    """The names, as changes tell them, of the summarized fields that a record has."""
    for name in resource.summarized:
        field, _, inner = name.partition(".")
        if not inner:
            if shown.get(field):
                yield field
            continue
        nested = resource.nested[field]
        waiting = [(field, item) for item in shown.get(field, ())]
        while waiting:
            place, item = waiting.pop()
            here = f"{place}.{quote(str(item['name']))}"
            if item.get(inner):
                yield f"{here}.{inner}"
            if nested.children:
                waiting += [(here, child) for child in item.get(nested.children) or ()]
