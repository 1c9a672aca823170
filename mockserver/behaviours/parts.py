"""The verbs on a part of a record that is kept beside its versions: what changes it makes none."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
KEY = "name"


def part(context: Context) -> Answer:
    """The part, or the record with it."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    return _answer(context, record)


def attach(context: Context) -> Answer:
    """Puts the body in the part's place, or, where the part is a list of named things, in the place of its namesake.

    One thing where a list is meant is a list of one.
    """
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field, value = _field(context), context.body
    context.dialect.examine(context, record, field, value)
    if context.operation.settings.get("listed"):
        others = [each for each in record.data.get(field, ()) if _mark(context, each) != _mark(context, value)]
        value = [*others, value]
    elif isinstance(value, dict) and _nothing(context) == []:
        value = [value]
    return _answer(context, _stored(context, record, value))


def detach(context: Context) -> Answer:
    """Takes the part away, or the thing of that name out of it."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field, member = _field(context), context.operation.settings.get("member")
    if member is None:
        return _answer(context, _stored(context, record, None))
    name, there = context.arguments[member], record.data.get(field, [])
    left = [each for each in there if not _is_meant(context, each, name)]
    if len(left) == len(there):
        raise Problem(404, f"{field} instance for {name} not found")
    return _answer(context, _stored(context, record, left))


def _mark(context: Context, thing: Json) -> tuple[Json, Json]:
    """What tells a named thing from the others: its name, and to what it belongs where the list is divided."""
    owner = context.operation.settings.get("owner")
    return thing[KEY], thing.get(owner) if owner else None


def _is_meant(context: Context, thing: Json, name: str) -> bool:
    """Whether a path names this thing: by its name, and where the path says to what it belongs, by that."""
    owner = context.operation.settings.get("owner")
    wanted = context.arguments.get(str(owner))
    return bool(thing[KEY] == name and wanted in (None, thing.get(str(owner))))


def _field(context: Context) -> str:
    return str(context.operation.settings["field"])


def _stored(context: Context, record: Record, value: Json) -> Record:
    field = _field(context)
    data = {key: each for key, each in record.data.items() if key != field}
    if value is not None:
        data[field] = value
    changed = Record(record.resource, record.id, data)
    if changed.data != record.data:
        context.world.replace(changed)
    return changed


def _answer(context: Context, record: Record) -> Answer:
    field = _field(context)
    answer, absent = context.operation.settings.get("answer"), context.operation.settings.get("absent")
    if answer == "nothing":
        return Answer(200, b"", context.dialect.headers("entityDeleted"))
    if absent is not None and field not in record.data:
        raise Problem(404, f"{absent} instance for {record.id} not found")
    if answer == "entity":
        return Answer(200, context.dialect.view(context, record, frozenset((field,))))
    if field in record.data:
        return Answer(200, record.data[field])
    shown = context.dialect.view(context, record, frozenset((field,))).members
    return Answer(200, shown.get(field, _nothing(context)))


def _nothing(context: Context) -> Json:
    """What is answered where there is no such part: an empty one of its kind."""
    content = context.operation.document["responses"]["200"]["content"]
    return [] if content["application/json"]["schema"].get("type") == "array" else {}
