"""The verbs on records that belong to one without being part of it, where the body or the path names both."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.contract.model import Resource
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def borrow(context: Context) -> Answer:
    """Has every record that the body lists belong to the one that it names as well."""
    settings = context.operation.settings
    record = _holder(context, str(context.body[settings["by"]]))
    resource, relation = _far_end(context)
    found = [context.world.record(str(id).lower()) for id in context.body[settings["listed"]]]
    members = [each for each in found if each is not None and each.resource == resource.name and not each.deleted]
    if len(members) < len(found):
        raise Problem(400, f"You are trying to add one or more {resource.entity}s that do not exist.")
    for member in members:
        context.world.link(member.id, relation, record.id)
    shown = context.dialect.view(context, record)
    return Answer(200, shown, context.dialect.headers(settings["change"]))


def give_back(context: Context) -> Answer:
    """Has a record no longer belong to one; one that did not is answered alike."""
    settings = context.operation.settings
    record = _holder(context, str(context.arguments[settings["by"]]))
    resource, relation = _far_end(context)
    wanted = str(context.arguments[settings["member"]])
    member = context.world.record(wanted.lower())
    if member is None or member.resource != resource.name or member.deleted:
        raise context.dialect.missing(resource, wanted)
    context.world.unlink(member.id, relation, record.id)
    return Answer(200, context.dialect.view(context, member), context.dialect.headers(settings["change"]))


def _holder(context: Context, wanted: str) -> Record:
    """The record to which others come or from which they go; those that belong to it alone are not for this."""
    resource, unless = context.resource, context.operation.settings.get("unless")
    record = context.world.record(wanted.lower())
    if record is None or record.resource != resource.name or record.deleted:
        raise context.dialect.missing(resource, wanted)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    if unless is not None and record.data.get(unless):
        raise Problem(400, f"{record.name} is a {unless} {resource.entity}: what belongs to it cannot be chosen")
    return record


def _far_end(context: Context) -> tuple[Resource, str]:
    """The resource of those that belong to a record, and under which relation of theirs."""
    relation = context.resource.relations[str(context.operation.settings["relation"])]
    assert relation.inverse is not None
    return context.contract.resources[relation.of[0]], relation.inverse
