"""The verb that lists a collection as a search finds it: filtered, in the order of any field, a page by its offset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import fmean, median
from typing import Any

from mockserver.behaviours import filtering
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.searching import matching_ids
from mockserver.contract.reference import resolved
from mockserver.search.documents import Document
from mockserver.world.record import Record

Json = Any
MODES: Mapping[str, Callable[[list[Json]], Json]] = {"min": min, "max": max, "avg": fmean, "sum": sum, "median": median}


def search_list(context: Context) -> Answer:
    """A page of the collection, in the order of names unless a field is named to sort by."""
    fields = context.dialect.requested(context)
    context.dialect.authorize_view(context)
    context.dialect.check_filters(context)
    keys = filtering.left(context, str(context.arguments.get("include", "non-deleted")))
    found = matching_ids(context)
    records = [
        record
        for key in keys
        if (found is None or key[-1] in found) and (record := context.world.record(str(key[-1]))) is not None
    ]
    order = context.arguments.get("sortField")
    if order is not None:
        records = _sorted(context, records, str(order))
    limit, offset = int(context.arguments.get("limit", 10)), int(context.arguments.get("offset", 0))
    shown = (context.dialect.view(context, record, fields) for record in records[offset : offset + limit])
    kept = _kept(context, fields)
    data = [each if kept is None else _cut(each.members, kept) for each in shown]
    return Answer(200, {"data": data, "paging": {"total": len(records), "offset": offset, "limit": limit}})


def _kept(context: Context, fields: frozenset[str]) -> frozenset[str] | None:
    """The fields that are left where a request names some: these, those that it asks for, and what every record has."""
    named = context.arguments.get("includeFields")
    if named is None:
        return None
    schema = resolved(context.resource.parts, {"$ref": f"#/components/schemas/{context.resource.schema}"})
    return frozenset((*(name.strip() for name in str(named).split(",")), *fields, *schema["required"]))


def _cut(members: Mapping[str, Json], kept: frozenset[str]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if name in kept}


def _sorted(context: Context, records: Iterable[Record], order: str) -> list[Record]:
    """The records by a field of theirs; those that have it not come last."""
    falling = context.arguments.get("sortType", "desc") == "desc"
    mode = MODES[context.arguments.get("sortNestedMode") or ("max" if falling else "min")]
    asked = frozenset((order.partition(".")[0],))
    having: list[tuple[tuple[bool, Json], Record]] = []
    without: list[Record] = []
    for record in records:
        values = Document(record.id, "", context.dialect.view(context, record, asked).members).raw(order)
        numbers = [value for value in values if isinstance(value, int | float)]
        if numbers:
            having.append(((False, mode(numbers)), record))
        elif values:
            words = [str(value) for value in values]
            having.append(((True, max(words) if falling else min(words)), record))
        else:
            without.append(record)
    having.sort(key=lambda each: each[0], reverse=falling)
    return [*(record for _, record in having), *without]
