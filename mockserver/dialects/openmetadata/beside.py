"""One field of an answer that follows from other records too, by itself."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.related import counts, fields_of_others
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.view import hidden_fields, is_shown, relate
from mockserver.search.kin import NOWHERE
from mockserver.world.recall import Reader
from mockserver.world.record import Record

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
