"""The verbs on what belongs to a record without being part of it: adding, removing, paging and counting."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living, related
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def gather(context: Context) -> Answer:
    """Adds every record that the body refers to; what fails is told beside what passed, and 400 only if all failed."""
    return _change(context, add=True)


def dismiss(context: Context) -> Answer:
    """Removes every record that the body refers to; one that did not belong here is answered alike."""
    return _change(context, add=False)


def members(context: Context) -> Answer:
    """A page of what belongs to a record: references, or with `whole` the records, each with its type."""
    record = _record(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    found = _members(context, record)
    offset, limit = int(context.arguments.get("offset", 0)), int(context.arguments.get("limit", 10))
    whole = bool(context.operation.settings.get("whole"))
    shown = [context.dialect.mention(context, each, whole=whole) for each in found[offset : offset + limit]]
    return Answer(200, {"data": shown, "paging": {"offset": offset, "limit": limit, "total": len(found)}})


def sides(context: Context) -> Answer:
    """A page of what a record has by each of several relations, the records themselves, under a reference to it."""
    record = _record(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    pages = {
        relation: _page(context, _linked(context, record, relation), word)
        for relation, word in context.operation.settings["sides"].items()
    }
    return Answer(200, {"entity": context.dialect.reference(context, record), **pages})


def _page(context: Context, found: list[Record], word: str) -> dict[str, Json]:
    offset, limit = int(context.arguments[f"{word}Offset"]), int(context.arguments[f"{word}Limit"])
    shown = [context.dialect.mention(context, each, whole=True) for each in found[offset : offset + limit]]
    return {"data": shown, "paging": {"offset": offset, "limit": limit, "total": len(found)}}


def _linked(context: Context, record: Record, relation: str) -> list[Record]:
    """The living records that a relation leads to, in the order they came, those of an inverse one by name."""
    found = related(context.world, context.contract, record, context.resource.relations[relation])
    return [each for each in found if not each.deleted]


def tallies(context: Context) -> Answer:
    """How much belongs to each record of the collection, by its unique name."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    records = living(context.world, context.resource.name)
    return Answer(200, {record.data["fullyQualifiedName"]: len(_members(context, record)) for record in records})


def _change(context: Context, *, add: bool) -> Answer:
    record = _record(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    wanted = [_meant(context, given) for given in context.body.get("assets", ())]
    passed, result = context.dialect.gather(context, record, wanted, add)
    return Answer(200 if passed else 400, result)


def _record(context: Context) -> Record:
    """The living record that the path names; where a name is asked for, an id is taken too."""
    arguments, world, resource = context.arguments, context.world, context.resource
    wanted = str(arguments.get("fqn") or arguments.get("name") or arguments["id"])
    by_name = None if "id" in arguments else world.find(resource.name, wanted)
    record = by_name or world.record(wanted.lower())
    if record is None or record.resource != resource.name or record.deleted:
        raise context.dialect.missing(resource, wanted)
    return record


def _meant(context: Context, reference: Json) -> Record:
    resource = context.contract.by_entity.get(reference["type"])
    if resource is None:
        raise Problem(404, f"Entity type {reference['type']} not found")
    found = context.world.record(str(reference["id"]).lower())
    if found is None or found.resource != resource.name or found.deleted:
        raise context.dialect.missing(resource, str(reference["id"]))
    return found


def _members(context: Context, record: Record) -> list[Record]:
    """What belongs to a record and is there: by its own relation in the order it came, else by name."""
    world = context.world
    if (own := context.operation.settings.get("relation")) is not None:
        return _linked(context, record, own)
    assets = context.resource.assets
    assert assets is not None
    ids: dict[str, None] = {}
    waiting = [record.id]
    while waiting:
        place = waiting.pop()
        ids.update(dict.fromkeys(world.sources(place, assets.by)))
        waiting.extend(world.sources(place, assets.below) if assets.below else ())
    records = [each for id in ids if (each := world.record(id)) is not None]
    left = [each for each in records if not each.deleted and each.resource not in assets.without]
    return sorted(left, key=lambda each: (each.name, each.id))
