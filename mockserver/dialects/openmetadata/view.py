"""A record as it is answered: own fields, references expanded from what is stored now, tallies, nested names."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.related import along, related
from mockserver.contract.model import Contract, Nested, Relation, Resource
from mockserver.dialects.openmetadata.names import quote
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any


def reference(contract: Contract, record: Record, home: str) -> dict[str, Json]:
    """What other records show of this one."""
    resource = contract.resources[record.resource]
    data = record.data
    name = data["name"]
    shown = {
        "id": record.id,
        "type": resource.entity,
        "name": name,
        "fullyQualifiedName": data["fullyQualifiedName"],
        "displayName": data.get("displayName") or name,
        "deleted": data.get("deleted", False),
        "href": f"{home}{resource.path}/{record.id}",
    }
    if description := data.get("description"):
        shown["description"] = description
    return shown


def tally(world: Transaction, contract: Contract, record: Record, relation: Relation, home: str) -> dict[str, Json]:
    """Votes as numbers and voters."""
    voters: dict[str, list[dict[str, Json]]] = {"votedUp": [], "votedDown": []}
    for id, vote in world.links(record.id, relation.name).items():
        voter = world.record(id)
        if voter is not None:
            voters[vote].append(reference(contract, voter, home))
    return {
        "upVotes": len(voters["votedUp"]),
        "downVotes": len(voters["votedDown"]),
        "upVoters": voters["votedUp"],
        "downVoters": voters["votedDown"],
    }


def nested_items(items: list[dict[str, Json]], nested: Nested, parent: str) -> list[dict[str, Json]]:
    """A nested list with the names that follow from where it stands."""
    shown = []
    for item in items:
        copy = dict(item)
        if nested.named:
            name = f"{parent}.{quote(item['name'])}"
            copy["fullyQualifiedName"] = name
            if nested.children and item.get(nested.children):
                copy[nested.children] = nested_items(item[nested.children], nested, name)
        shown.append(copy)
    return shown


def view(
    world: Transaction, contract: Contract, record: Record, home: str, fields: frozenset[str] | None = None
) -> dict[str, Json]:
    """The record as answered when `fields` are asked for; None means everything that a write answers.

    What follows from records and tracked links alone is worked out once a state of them: not to be changed inside.
    """
    resource = contract.resources[record.resource]
    key = (record.id, fields, home)
    steady: dict[str, Json] | None = world.views.get(key)
    if steady is None or world.record(record.id) is not record:
        steady = _steady(world, contract, resource, record, home, fields)
        if world.record(record.id) is record:
            world.remember_view(key, steady)
    shown = dict(steady)
    for relation in resource.volatile_relations:
        if _is_shown(resource, relation, fields):
            _relate_lately(world, contract, record, relation, home, shown)
    return shown


def _relate_lately(
    world: Transaction, contract: Contract, record: Record, relation: Relation, home: str, shown: dict[str, Json]
) -> None:
    """Puts a volatile relation under its name; the same links are shown as they were last time."""
    if relation.inverse:
        _relate(world, contract, record, relation, home, shown)
        return
    links = world.links(record.id, relation.name)
    key = (record.id, relation.name, home)
    kept: dict[str, Json] | None = world.views.get(key)
    if kept is None or kept["links"] is not links:
        value: dict[str, Json] = {}
        _relate(world, contract, record, relation, home, value)
        kept = {"links": links, "value": value}
        world.remember_view(key, kept)
    shown.update(kept["value"])


def _steady(
    world: Transaction, contract: Contract, resource: Resource, record: Record, home: str, fields: frozenset[str] | None
) -> dict[str, Json]:
    hidden = hidden_fields(resource, fields)
    data = record.data
    shown = {key: value for key, value in data.items() if key not in hidden} if hidden else dict(data)
    shown["href"] = f"{home}{resource.path}/{record.id}"
    for relation in resource.steady_relations:
        if _is_shown(resource, relation, fields):
            _relate(world, contract, record, relation, home, shown)
    for name, derived in resource.derived.items():
        for found in along(world, record, derived.via):
            if derived.field in found.data:
                shown[name] = found.data[derived.field]
    for name, nested in resource.nested.items():
        if name in shown:
            shown[name] = nested_items(shown[name], nested, data["fullyQualifiedName"])
    return shown


def _relate(
    world: Transaction, contract: Contract, record: Record, relation: Relation, home: str, shown: dict[str, Json]
) -> None:
    """Puts a relation under its name, if there is anything to show."""
    if relation.tally:
        shown[relation.name] = tally(world, contract, record, relation, home)
        return
    references = [reference(contract, found, home) for found in related(world, contract, record, relation)]
    if relation.many or relation.inverse:
        shown[relation.name] = references
    elif references:
        shown[relation.name] = references[0]


def _is_shown(resource: Resource, relation: Relation, fields: frozenset[str] | None) -> bool:
    if fields is None:
        return not relation.only_asked
    if relation.name in fields:
        return True
    return not relation.only_asked and relation.name not in resource.on_request


def hidden_fields(resource: Resource, fields: frozenset[str] | None) -> frozenset[str] | tuple[()]:
    """The fields that are answered on request only and were not requested."""
    if fields is None:
        return ()
    return resource.on_request - fields if fields else resource.on_request
