"""The verbs on what stands around a record by its name: a few fields of what is below it, and what it is in."""

from __future__ import annotations

from itertools import islice
from typing import Any

from mockserver.behaviours import filtering
from mockserver.behaviours.context import Answer, Context

Json = Any


def below(context: Context) -> Answer:
    """A page of what the filters leave, which the path is one of; a name that nothing has has nothing below it."""
    context.dialect.authorize_view(context)
    arguments, shows = context.arguments, context.operation.settings["shows"]
    keys = filtering.left(context, str(arguments.get("include", "non-deleted")))
    limit, offset = int(arguments.get("limit", 10)), int(arguments.get("offset", 0))
    rows = []
    for key in islice(keys, offset, offset + limit):
        record = context.world.records[str(key[-1])]
        members = context.dialect.view(context, record, frozenset(shows)).members
        rows.append({field: members[field] for field in shows if field in members})
    return Answer(200, {"data": rows, "paging": {"total": len(keys)}})


def above(context: Context) -> Answer:
    """References to the living records whose names the name in the path begins with, the shortest first."""
    context.dialect.authorize_view(context)
    name = str(context.arguments["fqn"])
    found = (context.world.find(context.resource.name, name[:at]) for at in range(len(name)) if name[at] == ".")
    return Answer(200, [context.dialect.reference(context, each) for each in found if each and not each.deleted])
