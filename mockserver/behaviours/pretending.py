"""The verbs on what only pretends: operations whose work nobody does here, and switches that are only remembered."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.histories import example
from mockserver.behaviours.items import find


def canned(context: Context) -> Answer:
    """The example of the answer, to those who may ask for it of a record that is there."""
    usual = [context.operation.permission or "ViewAll"]
    named = {"id", "fqn", "name"} & context.arguments.keys()
    context.dialect.authorize(context, usual, find(context) if named else None)
    return example(context)


def toggle(context: Context) -> Answer:
    """Turns a field that is true or false, or not there, into the other one."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    field = str(context.operation.settings["field"])
    shown = context.dialect.view(context, record)
    edited = {**shown.members, field: not shown.members.get(field)}
    revision = context.dialect.edit(context, record, shown, {field}, edited, folds=False)
    return Answer(200, revision.shown, context.dialect.headers("entityUpdated"))
