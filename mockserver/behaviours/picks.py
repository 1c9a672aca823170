"""The verbs on the items of one kind in a list of a record, each under an id made of what tells it from the others."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def picks(context: Context) -> Answer:
    """The items of the kind, in their order."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    there = record.data.get(_field(context), ())
    return Answer(200, [_shown(context, record, item) for item in there if _is_such(context, item)])


def set_pick(context: Context) -> Answer:
    """Puts an item in the place of the one with the same id, or behind all others."""
    record = find(context)
    item = {**context.operation.settings["where"], **context.body}
    there = list(record.data.get(_field(context), ()))
    at = _position(context, record, there, _id(context, record, item))
    left = [*there, item] if at is None else [*there[:at], item, *there[at + 1 :]]
    return _stored(context, record, left, item)


def drop_pick(context: Context) -> Answer:
    """Takes an item out of the list, and answers it."""
    record = find(context)
    there = list(record.data.get(_field(context), ()))
    wanted = str(context.arguments[context.operation.settings["member"]])
    at = _position(context, record, there, wanted.lower())
    if at is None:
        raise Problem(404, f"{_field(context)} instance for {wanted} not found")
    return _stored(context, record, there[:at] + there[at + 1 :], there[at])


def _stored(context: Context, record: Record, items: list[Json], item: Json) -> Answer:
    """The item, once the list is as said: a change of the record as any other one."""
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field = _field(context)
    shown = context.dialect.view(context, record)
    revision = context.dialect.edit(context, record, shown, {field}, {**shown.members, field: items}, folds=False)
    change = "entityUpdated" if revision.changed else "entityNoChange"
    return Answer(200, _shown(context, record, item), context.dialect.headers(change))


def _field(context: Context) -> str:
    return str(context.operation.settings["field"])


def _is_such(context: Context, item: Json) -> bool:
    return all(item.get(name) == value for name, value in context.operation.settings["where"].items())


def _position(context: Context, record: Record, items: list[Json], id: str) -> int | None:
    """Where the item of the kind stands that has this id."""
    found = (at for at, item in enumerate(items) if _is_such(context, item) and _id(context, record, item) == id)
    return next(found, None)


def _id(context: Context, record: Record, item: Json) -> str:
    """Items have none of their own: it follows from the record and from the members that the contract names."""
    told = [item.get(name) for name in context.operation.settings["marks"]]
    digest = blake2b(orjson.dumps([record.id, told]), digest_size=16).digest()
    return str(UUID(bytes=digest, version=5))


def _shown(context: Context, record: Record, item: Json) -> Json:
    """An item with its id, without what all of its kind have."""
    kept = {name: value for name, value in item.items() if name not in context.operation.settings["where"]}
    return {"id": _id(context, record, item), **kept}
