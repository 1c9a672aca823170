"""Soft and hard deletion with what a record contains, and restoring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.behaviours.related import along, falls_back_on
from mockserver.dialects.openmetadata import history, people, review
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.view import view
from mockserver.exchange import Problem
from mockserver.world.record import Record
from mockserver.world.shown import Shown


def children(context: Context, record: Record) -> Iterator[Record]:
    """The records that this one contains, soft-deleted ones too."""
    for resource, relation in context.contract.contained.get(record.resource, ()):
        for id in sorted(context.world.sources(record.id, relation)):
            child = context.world.record(id)
            if child is not None and child.resource == resource:
                yield child


def _stays(context: Context, child: Record) -> bool:
    """Whether something else that is there contains a record, too."""
    relations = context.contract.resources[child.resource].stored_relations
    above = [id for relation in relations if relation.within for id in context.world.links(child.id, relation.name)]
    living = [record for id in above if (record := context.world.record(id)) is not None and not record.deleted]
    return len(living) > 1


def held(context: Context, record: Record) -> list[Record]:
    """What lives and dies with a record."""
    resource = context.contract.resources[record.resource]
    return [each for relation in resource.held for each in along(context.world, record, (relation,))]


def _attends(context: Context, child: Record, record: Record) -> bool:
    """Whether a record goes with another one that contains it without being in its way."""
    relations = context.contract.resources[child.resource].stored_relations
    holding = [
        each
        for each in relations
        if (each.parent or each.within) and record.id in context.world.links(child.id, each.name)
    ]
    return all(each.attends for each in holding)


def delete(context: Context, record: Record, *, hard: bool, recursive: bool) -> Shown:
    """Deletes and gives what is answered; a record that contains others needs `recursive`."""
    _check_removable(context, record)
    review.check_removal(context, record)
    if hard:
        people.check_free(context, record)
    inside = list(children(context, record))
    if not recursive and any(not _attends(context, child, record) for child in inside):
        raise Problem(400, f"{context.resource.entity} is not empty")
    _delete_all(context, inside, hard)
    with_it = held(context, record)
    shown = _delete_one(context, record, hard)
    _delete_all(context, with_it, hard)
    return shown


def _check_removable(context: Context, record: Record) -> None:
    """Refuses to delete what the system brought in, and what others fall back on when they have nothing."""
    entity = context.resource.entity
    if record.data.get("provider") == "system":
        raise Problem(400, f"System entity [{record.name}] of type {entity} can not be deleted.")
    relations = (relation for resource in context.contract.resources.values() for relation in resource.stored_relations)
    if any(falls_back_on(relation, record) for relation in relations if relation.fallback):
        raise Problem(400, f"{record.name} {entity} type can't be deleted")


def _delete(context: Context, record: Record, hard: bool) -> None:
    _delete_all(context, list(children(context, record)), hard)
    with_it = held(context, record)
    _delete_one(context, record, hard)
    _delete_all(context, with_it, hard)


def _delete_all(context: Context, records: Iterable[Record], hard: bool) -> None:
    """Deletes records that one contains; what two of them contain may be gone when its turn comes."""
    for record in records:
        there = context.world.record(record.id)
        if there is not None and (hard or not there.deleted) and not _stays(context, there):
            _delete(context, there, hard)


def _delete_one(context: Context, record: Record, hard: bool) -> Shown:
    world, contract = context.world, context.contract
    resource = contract.resources[record.resource]
    if not hard and resource.soft:
        return _mark(context, record, deleted=True)
    shown = view(world, contract, record, context.home)
    if resource.soft:
        shown = shown.but(deleted=True)
    history.tell(context, "entityDeleted", record, shown, float(record.data["version"]), None)
    labels.take_off(world, contract, record)
    for relation in resource.stored_relations:
        world.set_links(record.id, relation.name, {})
    for name in (*contract.graphs, *resource.series):
        world.set_links(record.id, name, {})
    for name in contract.relation_names:
        for source in list(world.sources(record.id, name)):
            world.unlink(source, name, record.id)
    world.remove(record, record.data["fullyQualifiedName"])
    return shown


def restore(context: Context, record: Record) -> Shown:
    """Undoes a soft deletion, of what the record contains too; one that is not deleted is answered as it is."""
    if not record.deleted:
        return view(context.world, context.contract, record, context.home)
    shown = _mark(context, record, deleted=False)
    restore_children(context, record)
    return shown


def restore_children(context: Context, record: Record) -> None:
    for child in (*children(context, record), *held(context, record)):
        if child.deleted:
            _mark(context, child, deleted=False)
            restore_children(context, child)


def _mark(context: Context, record: Record, *, deleted: bool) -> Shown:
    before = view(context.world, context.contract, record, context.home)
    written = record.with_data(deleted=deleted)
    after = view(context.world, context.contract, written, context.home)
    changes = Changes()
    changes.single("deleted", not deleted, deleted)
    kind = "entitySoftDeleted" if deleted else "entityRestored"
    return history.settle(context, written, before, after, changes, kind=kind).shown
