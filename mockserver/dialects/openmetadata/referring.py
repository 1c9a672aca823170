"""References that stand within fields of a record, such as who wrote a comment: shown as what they lead to is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.contract.model import Resource
from mockserver.world.record import Record
from mockserver.world.shown import Shown
from mockserver.world.transaction import Transaction

Json = Any


def told(world: Transaction, resource: Resource, shown: Shown, refer: Callable[[Record], Json]) -> Shown:
    """An answer with its references told anew; one to what is gone stays as it is kept."""

    def now(item: Json, member: str) -> Json:
        there = item.get(member)
        found = None if there is None else world.record(there["id"])
        return item if found is None else {**item, member: refer(found)}

    members, found = shown.members, {}
    for field, member in resource.refers:
        value = members.get(field)
        if value is not None:
            found[field] = [now(each, member) for each in value] if isinstance(value, list) else now(value, member)
    return shown.but(**found)
