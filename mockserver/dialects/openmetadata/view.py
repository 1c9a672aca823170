"""A record as it is answered: own fields, references expanded from what is stored now, tallies, nested names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.behaviours.related import counts, fields_of_others, related
from mockserver.contract.model import Contract, Resource
from mockserver.contract.relation import Relation
from mockserver.dialects.openmetadata import referring
from mockserver.dialects.openmetadata.summing import sum_up
from mockserver.dialects.openmetadata.surroundings import Surroundings, hidden_fields
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.shown import Part, Shown
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


def tally(world: Reader, contract: Contract, record: Record, relation: Relation, home: str) -> dict[str, Json]:
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


def view(
    world: Transaction, contract: Contract, record: Record, home: str, fields: frozenset[str] | None = None
) -> Shown:
    """The record as it is answered when `fields` are asked for; None means everything that a write answers.

    What is kept beside records comes last, each relation a part of its own: it changes without the rest. A record need
    not be stored as it is given here. What goes by the clock is kept nowhere.
    """
    resource = contract.resources[record.resource]
    surroundings = world.recall((record.id, fields, home), _surroundings, contract, record, home, fields)
    shown = surroundings.last(world)
    if shown is None or not surroundings.is_about(record):
        # What is kept beside a record is there whatever its own fields are.
        late = _beside(world, contract, record, home, fields) if shown is None else shown.parts[1:]
        shown = surroundings.keep(Shown(surroundings.around(world, contract, record, home, fields), *late), world)
    if resource.refers:
        shown = referring.told(world, resource, shown, lambda each: reference(contract, each, home))
    if (window := resource.window) is None:
        return shown
    return shown.but(**{window.field: window.word(record.data, world.now())})


def _surroundings(
    world: Reader, contract: Contract, record: Record, home: str, fields: frozenset[str] | None
) -> Surroundings:
    resource = contract.resources[record.resource]
    shown: dict[str, Json] = {"href": f"{home}{resource.path}/{record.id}"}
    for relation in resource.steady_relations:
        if is_shown(resource, relation, fields):
            relate(world, contract, record, relation, home, shown)
    shown.update(fields_of_others(world, contract, record))
    shown.update(counts(world, contract, record, fields))
    if fields:
        shown.update(sum_up(world, contract, record, fields, lambda each: reference(contract, each, home)))
    return Surroundings(shown)


def _beside(
    world: Transaction, contract: Contract, record: Record, home: str, fields: frozenset[str] | None
) -> Sequence[Part]:
    resource = contract.resources[record.resource]
    return [
        world.recall((record.id, relation.name, home), _late, contract, record, relation, home)
        for relation in resource.volatile_relations
        if is_shown(resource, relation, fields)
    ]


def _late(world: Reader, contract: Contract, record: Record, relation: Relation, home: str) -> Part:
    shown: dict[str, Json] = {}
    relate(world, contract, record, relation, home, shown)
    return Part(shown)


def relate(
    world: Reader, contract: Contract, record: Record, relation: Relation, home: str, shown: dict[str, Json]
) -> None:
    """Puts a relation under its name, if there is anything to show."""
    if relation.tally:
        shown[relation.name] = tally(world, contract, record, relation, home)
        return
    found = related(world, contract, record, relation)
    if relation.whole is not None:
        shown[relation.name] = [_told_whole(world, contract, each, home, frozenset(relation.whole)) for each in found]
        return
    references = [reference(contract, each, home) for each in found]
    if relation.inherits:
        own = world.links(record.id, relation.name)
        references = [each if each["id"] in own else {**each, "inherited": True} for each in references]
    if (sort := relation.sort) is not None:
        sorts = world.links(record.id, relation.name)
        shown[relation.name] = [
            {sort.member: sorts[each["id"]] or sort.default, sort.under: each} for each in references
        ]
        return
    if relation.many or (relation.inverse and not relation.single):
        shown[relation.name] = references
    elif references:
        shown[relation.name] = references[0]


def _told_whole(
    world: Reader, contract: Contract, record: Record, home: str, fields: frozenset[str]
) -> dict[str, Json]:
    """A record as another one tells of it: with these fields, and without what its last write changed."""
    hidden = {*hidden_fields(contract.resources[record.resource], fields), "changeDescription"}
    own = {key: value for key, value in record.data.items() if key not in hidden}
    return {**own, **_surroundings(world, contract, record, home, fields).members}


def is_shown(resource: Resource, relation: Relation, fields: frozenset[str] | None) -> bool:
    if fields is None:
        return not relation.only_asked
    if relation.name in fields or relation.asked_with in fields:
        return True
    return not (relation.only_asked or relation.asked_with) and relation.name not in resource.on_request
