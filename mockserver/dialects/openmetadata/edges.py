"""Which parts of records lead to which: an edge names columns and fields that are there, for as long as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.contract.model import Resource
from mockserver.contract.validation import violations_of
from mockserver.dialects.openmetadata.nesting import nested_items
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
PARTS, DETAILS = "columnsLineage", "LineageDetails"


def check(context: Context, source: Record, target: Record, details: Mapping[str, Json]) -> None:
    """Refuses parts that the ends of an edge do not have; ends whose parts have no names may have any."""
    if found := violations_of(context.contract, DETAILS, details):
        raise Problem.of([Violation(f"body {each.where}", each.message) for each in found])
    told = details.get(PARTS) or ()
    if not told:
        return
    here, there = parts_of(context, source), parts_of(context, target)
    for each in told:
        for name in each.get("fromColumns") or ():
            _check(name, here)
        if each.get("toColumn"):
            _check(each["toColumn"], there)


def _check(name: str, known: frozenset[str]) -> None:
    if known and name not in known:
        raise Problem(400, f"Invalid fully qualified column name {name}")


def parts_of(context: Context, record: Record) -> frozenset[str]:
    """The fully qualified names of what is nested in a record."""
    resource = context.contract.resources[record.resource]
    return frozenset(_names(resource, record))


def _names(resource: Resource, record: Record) -> Iterator[str]:
    for name, nested in resource.nested.items():
        waiting = nested_items(record.data.get(name, []), nested, record.data["fullyQualifiedName"])
        while waiting and nested.named:
            item = waiting.pop()
            yield item["fullyQualifiedName"]
            if nested.children:
                waiting += item.get(nested.children) or ()


def follow(context: Context, before: Record, after: Record) -> None:
    """Takes what is gone from a record out of the edges at it."""
    nested = context.contract.resources[after.resource].nested
    if all(before.data.get(name) is after.data.get(name) for name in nested):
        return
    gone = parts_of(context, before) - parts_of(context, after)
    for graph in context.contract.graphs if gone else ():
        for source, target in _edges(context, graph, after.id):
            details = context.world.links(source, graph)[target] or {}
            if PARTS in details:
                left = list(_left(details[PARTS] or [], gone))
                if left != details[PARTS]:
                    context.world.link(source, graph, target, {**details, PARTS: left})


def _edges(context: Context, graph: str, id: str) -> list[tuple[str, str]]:
    ahead = [(id, target) for target in context.world.links(id, graph)]
    return ahead + [(source, id) for source in sorted(context.world.sources(id, graph))]


def _left(told: list[Json], gone: frozenset[str]) -> Iterator[Json]:
    for each in told:
        names = [name for name in each.get("fromColumns") or () if name not in gone]
        if names and each.get("toColumn") not in gone:
            yield {**each, "fromColumns": names}
