"""The verbs on one field of a record, or one thing in a list of it: what changes them makes a new version."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.world.record import Record
from mockserver.world.shown import Shown

Json = Any
KEY = "name"


def amend(context: Context) -> Answer:
    """Puts the body in the place of its namesake in the list, or adds it; the list is kept in the order of names."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field = str(context.operation.settings["field"])
    shown = context.dialect.view(context, record)
    given = _said(context.body)
    others = [each for each in shown.members.get(field, ()) if each[KEY] != given[KEY]]
    return _edited(context, record, shown, field, sorted([*others, given], key=lambda each: str(each[KEY])))


def assign(context: Context) -> Answer:
    """Puts the body into a field of the record."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    shown = context.dialect.view(context, record)
    return _edited(context, record, shown, str(context.operation.settings["field"]), context.body)


def _edited(context: Context, record: Record, shown: Shown, field: str, value: Json) -> Answer:
    revision = context.dialect.edit(context, record, shown, {field}, {**shown.members, field: value}, folds=False)
    change = "entityUpdated" if revision.changed else "entityNoChange"
    return Answer(200, revision.shown, context.dialect.headers(change))


def _said(value: Json) -> Json:
    """A value without the members that are null."""
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if each is not None}
    return value
