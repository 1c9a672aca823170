"""What a field that follows from other records hangs on in a record itself: where that is alike, so is the field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mockserver.contract.model import Contract, Resource
from mockserver.contract.relation import Relation

NOTHING: frozenset[str] = frozenset()


class Near(NamedTuple):
    """The links from a record by these relations, those to it, its own fields of these names, and its labels."""

    forth: frozenset[str] = NOTHING
    back: frozenset[str] = NOTHING
    fields: frozenset[str] = NOTHING
    labels: bool = False


def of_member(contract: Contract, resource: Resource, name: str) -> Near | None:
    """What a field of a record hangs on there; None where records that are alike may still differ in it."""
    window = resource.window
    if window is not None and window.field == name:
        return None
    if name in resource.labelled or any(path[0] == name for path in resource.secrets):
        return None
    own = Near(fields=frozenset((name,)))
    if name in resource.counted:
        counted = resource.counted[name]
        return None if counted.of is not None else own._replace(back=frozenset(counted.back[:1]))
    if name in resource.inherited:
        return own._replace(forth=frozenset(resource.inherited[name]))
    if name in resource.derived:
        return own._replace(forth=frozenset(resource.derived[name].via[:1]))
    return joined([own, of_relation(contract, resource, name)])


def of_relation(contract: Contract, resource: Resource, name: str, met: frozenset[str] = NOTHING) -> Near | None:
    """What a relation of a record hangs on there."""
    relation = resource.relations.get(name)
    if relation is None or name in met:
        return None
    if relation.via:
        return Near(frozenset(relation.via[:1]))
    met = met | {name}
    if relation.inverse:
        if _is_fallback(contract, resource, relation):
            return None
        ends = [of_relation(contract, resource, step, met) for step in relation.through]
        return joined([Near(back=frozenset((relation.inverse,))), *ends])
    if relation.gathered is not None:
        own = NOTHING if relation.gathered.without is None else frozenset((relation.gathered.without,))
        return joined([Near(fields=own), of_relation(contract, resource, relation.gathered.along, met)])
    if not relation.stored or (relation.fallback is not None and relation.to[0] == resource.name):
        return None
    steps = [step for step in relation.inherits if step in resource.relations]
    return joined([Near(frozenset((name,))), *(of_relation(contract, resource, step, met) for step in steps)])


def joined(all: Iterable[Near | None]) -> Near | None:
    """What several hang on together."""
    found = Near()
    for each in all:
        if each is None:
            return None
        labels = found.labels or each.labels
        found = Near(found.forth | each.forth, found.back | each.back, found.fields | each.fields, labels)
    return found


def _is_fallback(contract: Contract, resource: Resource, relation: Relation) -> bool:
    """Whether one of these records may stand for what others are not linked to."""
    forward = (contract.resources[name].relations.get(str(relation.inverse)) for name in relation.of)
    return any(each is not None and each.fallback is not None and resource.name in each.to for each in forward)
