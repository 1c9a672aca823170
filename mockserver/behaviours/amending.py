"""The verb on one thing in a list that belongs to a record: what changes it makes a new version."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find

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
    edited = {**shown.members, field: sorted([*others, given], key=lambda each: str(each[KEY]))}
    revision = context.dialect.edit(context, record, shown, {field}, edited, folds=False)
    return Answer(
        200, revision.shown, context.dialect.headers("entityUpdated" if revision.changed else "entityNoChange")
    )


def _said(value: Json) -> Json:
    """A value without the members that are null."""
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if each is not None}
    return value
