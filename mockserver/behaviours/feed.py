"""The verbs on what people say about records: threads with posts, tasks and announcements, as the dialect has them."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def threads(context: Context) -> Answer:
    """What was said: threads, one of them, its posts, or how many there are."""
    return context.dialect.threads(context)


def converse(context: Context) -> Answer:
    """Says something, says it otherwise, takes it back, or brings a task to its end."""
    return context.dialect.converse(context)
