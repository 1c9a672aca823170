"""Another name or another place: what stands below a record follows it, and so do the labels that say its name."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.behaviours.related import along
from mockserver.dialects.openmetadata import names
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.transaction import Transaction

# What the conditions of access rules may name.
IN_CONDITIONS = frozenset(("tags", "glossaryTerms", "roles", "teams"))


def plan(context: Context, record: Record, data: Data, links: dict[str, Links]) -> Data:
    """The fields with the unique name that follows from them and from the parents to be, which `links` is told of."""
    resource, world = context.resource, context.world
    moved = [parent for parent in resource.naming.parents if parent in links]
    if data.get("name") == record.data.get("name") and not moved:
        return data
    if record.data.get("provider") == "system":
        raise Problem(400, f"System entity [{record.name}] of type {resource.entity} can not be renamed.")
    for relation in resource.stored_relations:
        if relation.along in moved and links[relation.along]:
            links[relation.name] = _same(world, links[relation.along], relation.name)
    given = {parent: links.get(parent, world.links(record.id, parent)) for parent in resource.naming.parents}
    parent = resource.naming.parent(given)
    above = None if parent is None else world.record(next(iter(given[parent])))
    if above is not None:
        _check_place(context, record, above)
    unique = names.unique(resource.naming, None if above is None else above.data["fullyQualifiedName"], data["name"])
    other = world.find(resource.name, unique)
    if other is not None and other.id != record.id:
        raise Problem(400, f"{resource.entity} named {unique} already exists")
    return {**data, "fullyQualifiedName": unique}


def _same(world: Transaction, targets: Mapping[str, object], relation: str) -> Links:
    return {id: None for target in targets for id in world.links(target, relation)}


def _check_place(context: Context, record: Record, above: Record) -> None:
    """Refuses a place inside of the record itself."""
    waiting = [above]
    while waiting:
        place = waiting.pop()
        if place.id == record.id:
            entity = context.resource.entity
            raise Problem(400, f"{entity} {record.name} can't be moved below itself or what it contains")
        parents = context.contract.resources[place.resource].naming.parents
        waiting.extend(each for parent in parents for each in along(context.world, place, (parent,)))


def store(context: Context, record: Record) -> None:
    """Stores a record in place of the one of its id; what its unique name is part of is given its own anew."""
    world = context.world
    before = world.records[record.id]
    old, new = before.data["fullyQualifiedName"], record.data["fullyQualifiedName"]
    if old == new:
        world.replace(record)
        return
    world.rename(record, old, new)
    labels.rename(world, context.contract, before, new)
    if record.resource in IN_CONDITIONS:
        from mockserver.dialects.openmetadata import ruling

        ruling.rename(context, record.resource, old, new)
    for resource, relation in context.contract.contained.get(record.resource, ()):
        for id in sorted(world.sources(record.id, relation)):
            child = world.record(id)
            if child is not None and child.resource == resource:
                _follow(context, child, record, relation)


def _follow(context: Context, child: Record, record: Record, relation: str) -> None:
    """Gives what stands directly below a record its new name, and ties it to what the record is tied to."""
    world, resource = context.world, context.contract.resources[child.resource]
    given = {parent: world.links(child.id, parent) for parent in resource.naming.parents}
    if resource.naming.parent(given) != relation:
        return
    for each in resource.stored_relations:
        if each.along == relation and (links := world.links(record.id, each.name)):
            world.set_links(child.id, each.name, dict(links))
    unique = names.unique(resource.naming, record.data["fullyQualifiedName"], child.data["name"])
    store(context, child.with_data(fullyQualifiedName=unique))
