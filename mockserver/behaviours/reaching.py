"""What a filter looks at beyond a record's own plain fields: lists, newest points, and fields of related records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import related
from mockserver.contract.terms import Parameter
from mockserver.world.record import Record

Json = Any
TESTS = frozenset(("any", "some", "from", "until", "within"))


def meets(match: str, values: Sequence[Json], wanted: Json) -> bool:
    """Whether values meet what is wanted: one of several words, a bound, a name or one below, or to be there."""
    if match == "any":
        return not {word.strip() for word in str(wanted).split(",")}.isdisjoint(values)
    if match == "some":
        return bool(wanted or values)
    if match == "from":
        return any(value >= wanted for value in values)
    if match == "until":
        return any(value <= wanted for value in values)
    if match == "within":
        return any(str(value) == wanted or str(value).startswith(f"{wanted}.") for value in values)
    return wanted in values


def reached(context: Context, record: Record, parameter: Parameter) -> Iterator[Json]:
    """The values that a filter is about, what labels and related records are called among them."""
    field, of = str(parameter.filter), parameter.of
    relation = context.resource.relations.get(field)
    if relation is not None:
        for target in related(context.world, context.contract, record, relation):
            yield from _names(target) if of is None else _values(context, target, of)
        return
    there = record.data.get(field)
    if there is None:
        there = shown_of_series(context, record, field)
    yield from _single(context, there.get(of) if of is not None and isinstance(there, dict) else there)


def _values(context: Context, target: Record, of: str) -> Iterator[Json]:
    """What a field of a related record holds, or the names of what a relation of it leads to."""
    relation = context.contract.resources[target.resource].relations.get(of)
    if relation is None:
        yield from _single(context, target.data.get(of))
        return
    for further in related(context.world, context.contract, target, relation):
        yield from _names(further)


def _names(record: Record) -> Iterator[str]:
    yield from (record.id, record.name, record.data["fullyQualifiedName"])


def _single(context: Context, value: Json) -> Iterator[Json]:
    """The values in a list one by one, labels by the records they are made of; nothing of nothing."""
    labels = context.contract.labels
    for each in value if isinstance(value, list) else () if value is None else (value,):
        yield each.get(labels.name) if isinstance(each, dict) and labels is not None else each


def shown_of_series(context: Context, record: Record, field: str) -> Json:
    """What a field shows of the newest point of one of the record's series."""
    for series in context.resource.series.values():
        if field in series.shown and series.under is None:
            points = context.world.links(record.id, series.name).values()
            newest = max(points, key=lambda point: int(point[series.at]), default=None)
            source = series.shown[field]
            return None if newest is None else newest if source is None else newest.get(source)
    return None
