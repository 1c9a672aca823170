"""The verbs on what people are asked to do, as the dialect has them: whose it is, and how it ends."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def errands(context: Context) -> Answer:
    """Those that concern the caller, or the next step of one."""
    return context.dialect.errands(context)
