"""The verb on runs: what others tell that these read and wrote becomes edges, as the dialect has it."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def observe(context: Context) -> Answer:
    """Takes one event, or each of those that are listed."""
    return context.dialect.observe(context)
