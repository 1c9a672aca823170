"""The verbs on a whole collection: as a tree, and the values that one field has in it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import along, falls_back_on, living
from mockserver.contract.relation import Relation
from mockserver.world.record import Record

Json = Any
TOP = ""
TOLD = ("name", "displayName", "description", "fullyQualifiedName")


def hierarchy(context: Context) -> Answer:
    """A page of the records that stand below none, or directly below one, each with all that stands below it."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    arguments, relation = context.arguments, str(context.operation.settings["relation"])
    wanted = arguments.get("directChildrenOf")
    above = None if wanted is None else context.world.find(context.resource.name, str(wanted))
    if wanted is not None and (above is None or above.deleted):
        raise context.dialect.missing(context.resource, str(wanted))
    found = _top(context, relation) if above is None else _below(context, above, relation)
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", 10))
    data = [_node(context, record, relation) for record in found[offset : offset + limit]]
    return Answer(200, {"data": data, "paging": {"offset": offset, "limit": limit, "total": len(found)}})


def forest(context: Context) -> Answer:
    """All records as trees, without the one that stands above all; a filter leaves what fits and what leads to it."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    relation = context.resource.relations[str(context.operation.settings["relation"])]
    wanted = [each.filter for each in context.operation.parameters if each.filter and context.arguments.get(each.name)]
    below: dict[str, dict[str, Record]] = {}
    for record in islice(living(context.world, context.resource.name), int(context.arguments.get("limit", 10000))):
        if not falls_back_on(relation, record) and all(record.data.get(field) for field in wanted):
            _hang(context, relation, record, below)
    return Answer(200, {"data": _branches(context, TOP, below)})


def _hang(context: Context, relation: Relation, record: Record, below: dict[str, dict[str, Record]]) -> None:
    """Puts a record below the first that it stands below, and that one below its own, up to where that was done."""
    here = record
    while True:
        above = next((each for each in _parents(context, relation, here) if not each.deleted), None)
        place = below.setdefault(TOP if above is None else above.id, {})
        if here.id in place:
            return
        place[here.id] = here
        if above is None:
            return
        here = above


def _parents(context: Context, relation: Relation, record: Record) -> list[Record]:
    found = along(context.world, record, (relation.name,))
    return [each for each in found if not falls_back_on(relation, each)]


def _branches(context: Context, above: str, below: dict[str, dict[str, Record]]) -> list[dict[str, Json]]:
    told = (*TOLD, *context.operation.settings.get("shows", ()))
    return [
        {
            "id": each.id,
            **{name: each.data[name] for name in told if name in each.data},
            "href": context.dialect.reference(context, each)["href"],
            "children": _branches(context, each.id, below),
        }
        for each in sorted(below.get(above, {}).values(), key=lambda each: (each.name, each.id))
    ]


def values(context: Context) -> Answer:
    """The different values that a field has in the living records, in their order."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    field = str(context.operation.settings["field"])
    found = {record.data[field] for record in living(context.world, context.resource.name) if record.data.get(field)}
    return Answer(200, sorted(found))


def _top(context: Context, relation: str) -> list[Record]:
    records = living(context.world, context.resource.name)
    return [record for record in records if not context.world.links(record.id, relation)]


def _below(context: Context, above: Record, relation: str) -> list[Record]:
    sources = (context.world.record(id) for id in context.world.sources(above.id, relation))
    found = [each for each in sources if each and each.resource == above.resource and not each.deleted]
    return sorted(found, key=lambda each: (each.name, each.id))


def _node(context: Context, record: Record, relation: str) -> dict[str, Json]:
    told = {name: record.data[name] for name in TOLD if name in record.data}
    children = [_node(context, each, relation) for each in _below(context, record, relation)]
    return {"id": record.id, **told, "children": children}
