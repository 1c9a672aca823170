"""What of an answer follows from a record alone, and from its labels; a search knows that by heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.contract.manners import Nested
from mockserver.contract.model import Contract, Resource
from mockserver.dialects.openmetadata.nesting import gather, nested_items
from mockserver.world.recall import Reader
from mockserver.world.record import Record

if TYPE_CHECKING:
    from mockserver.behaviours.nearness import Near
    from mockserver.search.segment import Read

Json = Any


def around(resource: Resource) -> frozenset[str]:
    """The fields of an answer that follow from other records too, but labels, or from the clock, or hold a secret."""
    secret = (path[0] for path in resource.secrets)
    worked_out = (*resource.derived, *resource.counted, *resource.inherited)
    gathered = (field for nested in resource.nested.values() for field in nested.gathers)
    timed = () if resource.window is None else (resource.window.field,)
    return frozenset(("href", *resource.relations, *worked_out, *secret, *gathered, *timed, *resource.searched))


def own(world: Reader, contract: Contract, record: Record, home: str) -> Mapping[str, Json]:
    """A record's own fields, with what its labels tell."""
    known, places = contract.labels, contract.resources[record.resource].labelled
    standing = () if known is None else tuple(labels.keys_of(known, places, record.data))
    if known is None or not standing:
        return record.data
    words = labels.words(world, contract, standing, home)
    told: Mapping[str, Json] = labels.changed(places, record.data, partial(labels.filled, known, words))
    return told


def reader(resource: Resource, steps: Sequence[str]) -> Read | None:
    """How what these steps lead to is found in a record's own fields: what to take the second step from."""
    name, *rest = steps
    if name in resource.withheld:
        return None
    nested = resource.nested.get(name)
    if nested is None or not _is_told(nested, rest):
        return lambda own: own.get(name)
    return partial(_shown, nested)


def _is_told(nested: Nested, rest: Sequence[str]) -> bool:
    """Whether these steps into the items lead to more than is kept in them."""
    return not rest or rest[-1] in ("fullyQualifiedName", nested.children) or rest[0] in nested.gathers


def _shown(nested: Nested, own: Mapping[str, Json]) -> Json:
    """A nested list as it is answered, with the names in it that follow from where they stand."""
    name = nested.name
    found = own.get(name)
    if found is None:
        return None
    items = nested_items(found, nested, own["fullyQualifiedName"])
    if not nested.gathers:
        return items
    shown = {**own, name: items}
    gather(nested, shown)
    return shown[name]


class Alone:
    """These as a search asks for them."""

    def around(self, resource: Resource) -> frozenset[str]:
        return around(resource)

    def own(self, context: Context, record: Record) -> Mapping[str, Json]:
        return own(context.world, context.contract, record, context.home)

    def searched(self, context: Context, record: Record) -> Mapping[str, Json]:
        from mockserver.dialects.openmetadata.beside import searched

        return searched(context.world, context.contract, record, context.home)

    def reader(self, resource: Resource, steps: Sequence[str]) -> Read | None:
        return reader(resource, steps)

    def near(self, contract: Contract, resource: Resource, name: str) -> Near | None:
        from mockserver.behaviours.nearness import of_member

        return of_member(contract, resource, name)

    def beside(self, world: Reader, contract: Contract, record: Record, name: str) -> Json:
        from mockserver.dialects.openmetadata.beside import beside

        return beside(world, contract, record, name)

    def hidden_by(self, contract: Contract, resource: Resource) -> Near | None:
        from mockserver.dialects.openmetadata import policies

        return policies.looks_at(contract, resource)
