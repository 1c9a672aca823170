"""The verbs on what went wrong with records: incidents, as the dialect has them."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def incidents(context: Context) -> Answer:
    """What became of incidents, or their next step."""
    return context.dialect.incidents(context)
