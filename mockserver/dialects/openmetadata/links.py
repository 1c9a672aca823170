"""Writes what a record is related to, at whichever end it is stored."""

from __future__ import annotations

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import falls_back_on
from mockserver.contract.relation import Relation
from mockserver.world.links import Links
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction


def set_relation(context: Context, record: Record, name: str, targets: Links) -> None:
    """Makes a relation exactly this; the inverse of a stored one is written at its other end."""
    world, resources = context.world, context.contract.resources
    relation = resources[record.resource].relations[name]
    if relation.inverse is None:
        before = dict(world.links(record.id, name)) if relation.mutual else {}
        if relation.stand_in is not None and not world.links(record.id, name):
            targets = {id: sort for id, sort in targets.items() if not _stands_in(world, relation, id)}
        world.set_links(record.id, name, _without_fallback(world, relation, targets))
        if relation.mutual:
            _mirror(world, record, relation, before, targets)
        return
    for source in set(world.sources(record.id, relation.inverse)) - set(targets):
        world.unlink(source, relation.inverse, record.id)
    forward = [resources[of].relations[relation.inverse] for of in relation.of]
    if any(falls_back_on(each, record) for each in forward):
        return
    for source in targets:
        if record.id not in world.links(source, relation.inverse):
            world.link(source, relation.inverse, record.id)


def _mirror(world: Transaction, record: Record, relation: Relation, before: Links, after: Links) -> None:
    """Has what a mutual relation leads to lead back, by a link of the sort that is the other side of this one's."""
    for target in before:
        if target not in after:
            world.unlink(target, relation.name, record.id)
    reverse = {} if relation.sort is None else relation.sort.reverse
    for target, sort in after.items():
        if target != record.id:
            world.link(target, relation.name, record.id, reverse.get(sort, sort))


def _stands_in(world: Transaction, relation: Relation, id: str) -> bool:
    """Whether this is what is answered when there is none; only another one is a choice."""
    target = world.record(id)
    return target is not None and bool(target.data.get(str(relation.stand_in)))


def _without_fallback(world: Transaction, relation: Relation, targets: Links) -> Links:
    """The targets that are stored: not the one that is answered when there is none."""
    if relation.fallback is None:
        return targets
    found = {id: world.record(id) for id in targets}
    return {id: targets[id] for id, each in found.items() if each is None or not falls_back_on(relation, each)}
