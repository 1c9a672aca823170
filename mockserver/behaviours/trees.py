"""The verbs on a whole collection: as a tree, and the values that one field has in it."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living
from mockserver.world.record import Record

Json = Any
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
