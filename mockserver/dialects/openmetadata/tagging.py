"""Which labels a record may bear: those whose tag is there and in use, and one of those that exclude one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata.build import not_found
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
# What the server calls two labels of one kind.
WORDS = {"Classification": "Tag labels", "Glossary": "Glossary terms"}


def check(context: Context, data: Mapping[str, Json], before: Mapping[str, Json]) -> None:
    """Refuses labels that may not be there, in the fields that are others than before."""
    places = {
        name: deeper
        for name, deeper in context.resource.labelled.items()
        if name in data and data[name] is not before.get(name)
    }
    for each in labels.lists_of(places, data) if places else ():
        check_list(context, each)


def check_list(context: Context, given: list[labels.Label]) -> None:
    """Refuses labels that may not stand together, or not at all."""
    known = context.contract.labels
    assert known is not None
    first: dict[str, labels.Key] = {}
    for key in sorted({labels.key_of(known, label) for label in given}, key=lambda key: key[1]):
        found = _find(context, key)
        for rival in _rivals(context, found):
            if rival in first:
                word = WORDS.get(key[0], "Labels")
                message = f"{word} {key[1]} and {first[rival][1]} are mutually exclusive and can't be assigned together"
                raise Problem(400, message)
            first[rival] = key


def _find(context: Context, key: labels.Key) -> Record:
    """The record that a label stands for; a 404 when there is none, a 400 when it is out of use."""
    known = context.contract.labels
    assert known is not None
    found = labels.find(context.world, known, key)
    if found is None:
        resource = known.kinds.get(key[0], next(iter(known.kinds.values())))
        raise not_found(context.contract.resources[resource].entity, key[1])
    if _is_disabled(context, found):
        raise Problem(400, f"Tag label {key[1]} is disabled and can't be assigned to a data asset.")
    return found


def _parents(context: Context, record: Record) -> list[Record]:
    """What contains a labelling record, the nearest first."""
    naming = context.contract.resources[record.resource].naming
    found = (context.world.record(id) for relation in naming.parents for id in context.world.links(record.id, relation))
    return [parent for parent in found if parent is not None]


def _is_disabled(context: Context, record: Record) -> bool:
    parents = _parents(context, record)
    return any(each.data.get("disabled") for each in (record, *parents))


def _rivals(context: Context, record: Record) -> list[str]:
    """The id of the parent below which only one may be chosen, if it is such a one."""
    return [parent.id for parent in _parents(context, record)[:1] if parent.data.get("mutuallyExclusive")]
