"""The verbs on what a record has others told: what became of it, and what is to be done about it."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.world.record import Record


def told(context: Context) -> Answer:
    """What became of what was to be told, or what could be."""
    record = _record(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    return Answer(200, context.dialect.told(context, record))


def tell(context: Context) -> Answer:
    """Has something told now, or no more."""
    record = _record(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    return Answer(200, context.dialect.tell(context, record))


def _record(context: Context) -> Record | None:
    """The record that the path names, if it names one."""
    return find(context) if "by" in context.operation.settings else None
