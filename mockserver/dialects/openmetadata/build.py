"""Turns what clients send, a create body or an edited answer, into own fields and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from mockserver.behaviours import labels
from mockserver.contract.manners import Nested
from mockserver.contract.model import Contract, Resource
from mockserver.contract.relation import Relation
from mockserver.dialects.openmetadata.columns import settled
from mockserver.dialects.openmetadata.names import quote
from mockserver.exchange import Problem, Violation
from mockserver.world.links import Links
from mockserver.world.recall import Reader
from mockserver.world.record import Data, Record
from mockserver.world.transaction import Transaction

Json = Any
CHANGES = ("changeDescription", "incrementalChangeDescription")
OWN = frozenset(("id", "fullyQualifiedName", "version", "updatedAt", "updatedBy", "href", "deleted", *CHANGES))
IGNORED = OWN | {"name"}
FIRST = ("id", "name", "fullyQualifiedName", "displayName", "description", "version", "updatedAt", "updatedBy")


def ignored(resource: Resource) -> frozenset[str]:
    """The fields of an answer that no patch changes: the server's own, and what is kept or written elsewhere."""
    found: frozenset[str] | None = resource.found.get("ignored")
    if found is None:
        found = resource.found["ignored"] = (IGNORED | resource.decided_elsewhere) - resource.moves
    return found


def arranged(data: Data) -> Data:
    """The same fields with those first that a reader looks for first."""
    return {**{key: data[key] for key in FIRST if key in data}, **data}


def is_uuid(text: str) -> bool:
    if len(text) != 36:
        return False
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def not_found(entity: str, wanted: str) -> Problem:
    return Problem(404, f"{entity} instance for {wanted} not found")


def user_named(world: Reader, name: str) -> Record | None:
    """The living user of that name."""
    found = world.find("users", quote(name))
    return None if found is None or found.deleted else found


def resolve(world: Transaction, contract: Contract, relation: Relation, value: Json, where: str) -> Record:
    """The record that a reference means: an id, a fully qualified name, or an object with one of them.

    It is a living one, unless it lives and dies with what refers to it.
    """
    names = relation.to or relation.of
    wanted = value
    if isinstance(value, dict):
        wanted = value.get("id") or value.get("fullyQualifiedName") or value.get("name")
        if type_word := value.get("type"):
            names = tuple(name for name in names if contract.resources[name].entity == type_word)
            if not names:
                allowed = ", ".join(contract.resources[name].entity for name in relation.to or relation.of)
                raise Problem.of([Violation(f"body /{where}", f"type '{type_word}' is not one of {allowed}")])
    if not isinstance(wanted, str) or not wanted:
        raise Problem.of([Violation(f"body /{where}", "a reference needs an id or a fullyQualifiedName")])
    by_id = world.record(wanted.lower()) if is_uuid(wanted) else None
    candidates = [by_id] if by_id else [world.find(name, wanted) for name in names]
    for found in candidates:
        if found is not None and found.resource in names and (relation.holds or not found.deleted):
            return found
    raise not_found(contract.resources[names[0]].entity, wanted)


def resolve_all(world: Transaction, contract: Contract, relation: Relation, value: Json) -> Links:
    """The links that a field of a body means, in its order; what is inherited is nobody's own."""
    if value is None:
        return {}
    values = value if isinstance(value, list) else [value]
    links: Links = {}
    for at, item in enumerate(values):
        if relation.inherits and isinstance(item, dict) and item.get("inherited"):
            continue
        where = f"{relation.name}/{at}" if isinstance(value, list) else relation.name
        meant, kind = sorted_out(relation, item)
        links[resolve(world, contract, relation, meant, where).id] = kind
    return links


def sorted_out(relation: Relation, item: Json) -> tuple[Json, Json]:
    """The reference in an item of a relation, and of which sort it is; a reference alone is of the usual one."""
    sort = relation.sort
    if sort is None:
        return item, None
    if isinstance(item, dict) and sort.under in item:
        return item[sort.under], item.get(sort.member) or sort.default
    return item, sort.default


def separate(
    world: Transaction, contract: Contract, resource: Resource, body: Mapping[str, Json]
) -> tuple[Data, dict[str, Links]]:
    """Own fields, and links by relation, of a body; relations read through others are left out, nulls too."""
    data: Data = {}
    links: dict[str, Links] = {}
    for key, value in body.items():
        relation = resource.relations.get(key)
        if key in resource.derived or key in resource.unstored:
            continue
        if relation is None:
            if value is not None:
                data[key] = normal(contract, resource, key, value)
            continue
        if relation.followed or relation.beside:
            continue
        links[key] = resolve_all(world, contract, relation, value)
    return data, links


def modelled(world: Transaction, contract: Contract, resource: Resource, data: Data) -> Data:
    """The fields of a body, and what it leaves out from the record that it is made after."""
    if resource.modelled is None:
        return data
    model = world.find(resource.modelled, data["name"])
    if model is None or model.deleted:
        raise not_found(contract.resources[resource.modelled].entity, data["name"])
    own = set(resource.properties) - IGNORED - resource.relations.keys() - resource.fixed
    return {**{key: value for key, value in model.data.items() if key in own}, **data}


def normal(contract: Contract, resource: Resource, key: str, value: Json) -> Json:
    """A field as it is stored: a nested list with its defaults, without what follows from its place; labels bare."""
    if key in resource.wrapped and isinstance(value, str):
        return {resource.wrapped[key]: value}
    nested = resource.nested.get(key)
    stored = value if nested is None else normal_items(value, nested)
    if contract.labels is None or key not in resource.labelled:
        return stored
    places = {key: resource.labelled[key]}
    return labels.changed(places, {key: stored}, partial(labels.bare, contract.labels))[key]


def normal_items(items: Iterable[Mapping[str, Json]], nested: Nested) -> list[dict[str, Json]]:
    stored = []
    for position, item in enumerate(items, start=1):
        copy = {**nested.defaults, **{field: value for field, value in item.items() if value is not None}}
        copy = settled(copy)
        if nested.named:
            copy.pop("fullyQualifiedName", None)
        if nested.display is not None:
            shown, of = nested.display
            copy[shown] = str(copy.get(shown) or copy.get(of, "")).lower()
        if nested.ordinal is not None:
            copy.setdefault(nested.ordinal, position)
        if nested.children and nested.children in copy:
            copy[nested.children] = normal_items(copy[nested.children], nested)
        stored.append(copy)
    return stored


def withheld(resource: Resource, id: str, data: Data, body: Json) -> Data:
    """A new record's fields, what no answer shows among them."""
    if not resource.withheld or not isinstance(body, dict):
        return data
    from mockserver.dialects.openmetadata import credentials

    return credentials.begin(id, data, body)


def ruled(world: Transaction | None, resource: Resource, data: Data) -> Data:
    """A record's fields, access rules among them as they are kept; Problem 400 where they cannot be kept."""
    if resource.governs is None or resource.governs not in data:
        return data
    from mockserver.dialects.openmetadata import ruling

    return ruling.settled(world, resource.governs, data)


def check_unique_items(resource: Resource, data: Data) -> None:
    """Refuses siblings of one name in a nested list."""
    for key, nested in resource.nested.items():
        if nested.named:
            _check_siblings(data.get(key, ()), nested, singular(key))


def singular(field: str) -> str:
    return field.removesuffix("s").capitalize()


def _check_siblings(items: Iterable[Mapping[str, Json]], nested: Nested, word: str) -> None:
    seen: set[str] = set()
    for item in items:
        if item["name"] in seen:
            raise Problem(400, f"{word} name {item['name']} is repeated")
        seen.add(item["name"])
        if nested.children:
            _check_siblings(item.get(nested.children, ()), nested, word)
