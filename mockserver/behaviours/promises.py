"""The verbs on promises about other records: found by what they are about, and judged by what it is."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.texts import body_of
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any


def partner(context: Context) -> Answer:
    """The record of the collection that is about the one asked for."""
    fields = context.dialect.requested(context)
    record = found_for(context, subject(context))
    context.dialect.authorize_view(context, record)
    return Answer(200, context.dialect.view(context, record, fields))


def judge(context: Context) -> Answer:
    """Holds what a promise is about to it, keeps what comes of it as a point of a series, and answers it."""
    record = find(context) if "id" in context.arguments else found_for(context, subject(context))
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    result = context.dialect.judge(context, record)
    series = str(context.operation.settings["series"][0])
    context.world.link(record.id, series, str(result["id"]), result)
    return Answer(200, result)


def rehearse(context: Context) -> Answer:
    """What would be wrong with a promise, which is not made."""
    context.dialect.authorize(context, [context.operation.permission or "Create"])
    return Answer(200, context.dialect.rehearse(context, body_of(context, context.resource.create)))


def subject(context: Context) -> Record:
    """The living record that the query says a promise is about."""
    arguments = context.arguments
    kind, wanted = str(arguments["entityType"]), str(arguments["entityId"])
    resource = context.contract.by_entity.get(kind)
    if resource is None:
        raise Problem.of([Violation("query entityType", f"{kind!r} is no type of record")])
    record = context.world.record(wanted.lower())
    if record is None or record.resource != resource.name or record.deleted:
        raise context.dialect.missing(resource, wanted)
    return record


def found_for(context: Context, about: Record) -> Record:
    """The living promise about a record; 404 when there is none."""
    record = promise_of(context, about)
    if record is None:
        raise context.dialect.missing(context.resource, about.id)
    return record


def promise_of(context: Context, about: Record) -> Record | None:
    relation = str(context.operation.settings["relation"])
    for id in sorted(context.world.sources(about.id, relation)):
        record = context.world.record(id)
        if record is not None and record.resource == context.resource.name and not record.deleted:
            return record
    return None
