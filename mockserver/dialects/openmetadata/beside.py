"""One field of an answer that follows from other records too, by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.related import counts, fields_of_others, related
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.surroundings import hidden_fields
from mockserver.dialects.openmetadata.view import is_shown, relate, view
from mockserver.search.kin import NOWHERE
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any


def beside(world: Reader, contract: Contract, record: Record, name: str) -> Json:
    """What a whole answer shows under that name; None when it shows nothing."""
    resource, shown = contract.resources[record.resource], dict[str, Json]()
    relation = resource.relations.get(name)
    if relation is not None and is_shown(resource, relation, None) and (relation.volatile or not relation.hidden):
        relate(world, contract, record, relation, NOWHERE, shown)
    if name in resource.derived or name in resource.inherited:
        shown.update(fields_of_others(world, contract, record))
    if name in resource.counted:
        shown.update(counts(world, contract, record, None))
    own = name in record.data and name not in hidden_fields(resource, None)
    if own and (name not in shown or name in resource.inherited):
        return record.data[name]
    return shown.get(name)


def searched(world: Transaction, contract: Contract, record: Record, home: str) -> Mapping[str, Json]:
    """The fields that searches alone find: those answered on request, and those of what is related."""
    resource = contract.resources[record.resource]
    asked = frozenset(name for name, steps in resource.searched.items() if not steps)
    shown = view(world, contract, record, home, asked).members if asked else {}
    found = {name: shown[name] for name in asked & shown.keys()}
    for name, (relation, field) in ((name, steps) for name, steps in resource.searched.items() if steps):
        for other in related(world, contract, record, resource.relations[relation]):
            found[name] = other.data.get(field)
    return found
