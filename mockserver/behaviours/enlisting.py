"""The verbs that add to a list of a record, or take from it, without a new version: relations, or words of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any


def enlist(context: Context) -> Answer:
    """Adds to the list what the body names and it has not yet."""
    return _change(context, add=True)


def delist(context: Context) -> Answer:
    """Takes from the list what the body names."""
    return _change(context, add=False)


def _change(context: Context, *, add: bool) -> Answer:
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field = str(context.operation.settings.get("relation") or context.operation.settings["field"])
    before = _told(context, record, field)
    if "relation" in context.operation.settings:
        for target in list(_targets(context, field)):
            if add and target.id not in context.world.links(record.id, field):
                context.world.link(record.id, field, target.id)
            elif not add:
                context.world.unlink(record.id, field, target.id)
    else:
        there = list(record.data.get(field, ()))
        given = list(dict.fromkeys(context.body))
        left = (
            [*there, *(each for each in given if each not in there)]
            if add
            else [each for each in there if each not in given]
        )
        if left != there:
            record = record.with_data(**{field: left})
            context.world.replace(record)
    event = context.dialect.noted(context, record, field, before, _told(context, record, field))
    return Answer(201, event, context.dialect.headers("entityFieldsChanged"))


def _told(context: Context, record: Record, field: str) -> Json:
    return context.dialect.view(context, record).members.get(field)


def _targets(context: Context, relation: str) -> Iterator[Record]:
    """The living records that the body names, by reference or by name."""
    names = context.resource.relations[relation].to
    for at, each in enumerate(context.body):
        wanted = str(each.get("id") if isinstance(each, dict) else each)
        found = context.world.record(wanted.lower()) if isinstance(each, dict) else None
        if not isinstance(each, dict):
            found = next((record for name in names if (record := context.world.find(name, wanted)) is not None), None)
        if found is None or found.deleted:
            resource = context.contract.resources[names[0]]
            raise context.dialect.missing(resource, wanted)
        if found.resource not in names:
            kinds = ", ".join(context.contract.resources[name].entity for name in names)
            raise Problem.of([Violation(f"body /{at}", f"is no {kinds}")])
        yield found
