"""Which records of a collection the filters of a list leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.behaviours import reaching
from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.behaviours.related import along, related
from mockserver.contract.model import Contract, Resource
from mockserver.contract.relation import Relation
from mockserver.contract.terms import Parameter
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.sorted import SortedKeys

Json = Any


class Trace(NamedTuple):
    """A filter that is answered from its far end: a record there, and the relations that lead to it, nearest first."""

    steps: tuple[str, ...]
    ends: tuple[str, ...]
    wanted: str


def left(context: Context, include: str) -> SortedKeys:
    """The keys, in the order of names, of the records that all filters of the request leave."""
    given = [
        (parameter, _meant(context, parameter, context.arguments[parameter.name]))
        for parameter in context.operation.parameters
        if parameter.filter and parameter.name in context.arguments
    ]
    found = [(each, _trace(context.contract, context.resource, *each)) for each in given]
    traces = tuple(trace for _, trace in found if trace is not None)
    name = context.resource.name
    keys = (
        context.world.recall(("list", name, include, traces), _traced, name, include, traces)
        if traces
        else _traced(context.world, name, include, traces)
    )
    looked_at = [each for each, trace in found if trace is None or each[0].match == "about"]
    left_out = context.dialect.narrows(context)
    if not looked_at and left_out is None:
        return keys
    records = (context.world.record(str(key[-1])) for key in keys)
    return SortedKeys.in_order(
        (record.name, record.id)
        for record in records
        if record
        and all(_matches(context, record, *each) for each in looked_at)
        and not (left_out is not None and left_out(record))
    )


def _meant(context: Context, parameter: Parameter, wanted: Json) -> Json:
    """What a filter looks for: its argument, or the ids of the record that this names and of what that leads to."""
    if parameter.along is None:
        return wanted
    world, ends = context.world, context.resource.relations[str(parameter.filter)].to
    named = (record for end in ends if (record := world.find(end, str(wanted))) is not None)
    record = next(named, None)
    if record is None:
        raise context.dialect.missing(context.contract.resources[ends[-1]], str(wanted))
    known = context.contract.resources[record.resource].relations
    steps = [known[step] for step in parameter.along if step in known]
    further = (other.id for step in steps for other in related(world, context.contract, record, step))
    return frozenset((record.id, *further))


def _trace(contract: Contract, resource: Resource, parameter: Parameter, wanted: Json) -> Trace | None:
    """How a filter is answered from its far end; None where each record has to be looked at."""
    field, name, match = str(parameter.filter), wanted, parameter.match
    if match == "about" and resource.quality.about is not None and (link := parsed(str(wanted))) is not None:
        field, name, match = resource.quality.about.relation, link.name, "is"
    relation = None if parameter.of else resource.relations.get(field)
    if relation is None or match != "is" or not isinstance(name, str):
        return None
    steps, here = relation.via or (relation.name,), [resource]
    ends: tuple[str, ...] = ()
    for step in steps:
        taken = [each.relations.get(step) for each in here]
        if not all(each is not None and _is_plain(each) for each in taken):
            return None
        ends = tuple(dict.fromkeys(end for each in taken if each is not None for end in each.to))
        here = [contract.resources[end] for end in ends]
    return Trace(steps, ends, name)


def _is_plain(relation: Relation) -> bool:
    """Whether what it shows is what it stores."""
    return relation.stored and relation.fallback is None and not relation.inherits


def _traced(world: Reader, name: str, include: str, traces: tuple[Trace, ...]) -> SortedKeys:
    living, deleted = world.keys(name), world.keys(name, deleted=True)
    if include == "deleted":
        keys = deleted
    else:
        keys = SortedKeys.of([*living, *deleted]) if include == "all" and len(deleted) else living
    for trace in traces:
        ids = _reached(world, trace)
        keys = SortedKeys.in_order(key for key in keys if key[-1] in ids)
    return keys


def _reached(world: Reader, trace: Trace) -> set[str]:
    """The ids from which the steps of a trace lead to its end."""
    ids = {record.id for record in _ends(world, trace)}
    for step in reversed(trace.steps):
        ids = {source for id in ids for source in world.sources(id, step)}
    return ids


def _ends(world: Reader, trace: Trace) -> Iterator[Record]:
    """The records that a text means, by id, by unique name or by plain name."""
    by_id = world.record(trace.wanted)
    if by_id is not None and by_id.resource in trace.ends:
        yield by_id
    for end in trace.ends:
        found = world.find(end, trace.wanted)
        if found is not None:
            yield found
        for deleted in (False, True):
            for name, id in world.keys(end, deleted=deleted).after((trace.wanted, "")):
                if name != trace.wanted:
                    break
                named = world.record(id)
                if named is not None:
                    yield named


def _matches(context: Context, record: Record, parameter: Parameter, wanted: Json) -> bool:
    field = str(parameter.filter)
    wanted = parameter.values.get(wanted, wanted) if isinstance(wanted, str) else wanted
    if wanted is None:
        return True
    if (window := context.resource.window) is not None and field == window.field:
        return window.meets(record.data, context.world.now(), wanted)
    if parameter.match in ("about", "item"):
        return _is_about(context, record, parameter, wanted)
    if parameter.of is not None or parameter.match in reaching.TESTS:
        return reaching.meets(parameter.match, list(reaching.reached(context, record, parameter)), wanted)
    if parameter.match == "holds":
        return bool(wanted in record.data.get(field, ()))
    relation = context.resource.relations.get(field)
    if parameter.match != "is" and relation is None:
        name = str(record.data.get(field))
        inside = name.startswith(f"{wanted}.")
        return inside and (parameter.match == "below" or name[len(wanted) + 1 :].strip('"') == record.name)
    if parameter.match == "below":
        return _is_below(context, record, field, wanted)
    if relation is None:
        there = record.data.get(field, False if isinstance(wanted, bool) else None)
        return bool((reaching.shown_of_series(context, record, field) if there is None else there) == wanted)
    targets = related(context.world, context.contract, record, relation)
    if isinstance(wanted, frozenset):
        return any(target.id in wanted for target in targets)
    return any(wanted in (target.id, target.name, target.data.get("fullyQualifiedName")) for target in targets)


def _is_about(context: Context, record: Record, parameter: Parameter, wanted: Json) -> bool:
    """Whether a record is about what a link names, or about an item at all."""
    link = parsed(str(record.data.get(str(parameter.filter))))
    if link is None:
        return False
    if parameter.match == "item":
        return link.item == wanted if isinstance(wanted, str) else (link.item is not None) is bool(wanted)
    asked = parsed(str(wanted))
    if (
        parameter.wide is not None
        and context.arguments.get(parameter.wide)
        and asked is not None
        and asked.item is None
    ):
        return link[:2] == asked[:2]
    return link == asked


def _is_below(context: Context, record: Record, relation: str, wanted: Json) -> bool:
    """Whether the wanted one is reached by following a relation, however far."""
    above = along(context.world, record, (relation,))
    return any(
        wanted in (each.id, each.data.get("fullyQualifiedName")) or _is_below(context, each, relation, wanted)
        for each in above
    )
