"""Filters of lists that contradict one another."""

from __future__ import annotations

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import along
from mockserver.exchange import Problem


def check(context: Context) -> None:
    """Refuses to look below a term for those of a glossary that the term is not in, and within half a time."""
    _check_time(context)
    arguments, resource = context.arguments, context.resource
    parent, glossary = arguments.get("parent"), arguments.get("glossary")
    if resource.entity != "glossaryTerm" or parent is None or glossary is None:
        return
    term = context.world.record(str(parent).lower()) or context.world.find(resource.name, str(parent))
    if term is None or term.resource != resource.name:
        return
    there = along(context.world, term, ("glossary",))
    if not any(glossary in (each.id, each.data["fullyQualifiedName"]) for each in there):
        message = f"Invalid queryParameters - glossary term `parent` {parent} is not in the `glossary` {glossary}"
        raise Problem(400, message)


def _check_time(context: Context) -> None:
    start, end = (context.arguments.get(name) for name in ("startTimestamp", "endTimestamp"))
    if (start is None) is not (end is None):
        raise Problem(400, "startTimestamp and endTimestamp must be used together")
    if start is not None and start > end:
        raise Problem(400, "startTimestamp must be less than endTimestamp")
