"""The verbs on what went well or wrong with records: how tests ended, and incidents, as the dialect has them."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def digest(context: Context) -> Answer:
    """How all tests ended the last time, or those of the record that an argument names."""
    context.dialect.authorize_view(context)
    wanted = context.arguments.get(context.operation.settings["member"])
    return context.dialect.digest(context, None if wanted is None else str(wanted))


def incidents(context: Context) -> Answer:
    """What became of incidents, or their next step."""
    return context.dialect.incidents(context)
