"""What a write leaves behind: the next version, the snapshot of the last one, and the change event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.behaviours import labels
from mockserver.behaviours.context import Context
from mockserver.behaviours.snapshots import keep, told
from mockserver.contract.model import Contract
from mockserver.contract.terms import Versioning
from mockserver.dialects.openmetadata import renaming, secrets, summary
from mockserver.dialects.openmetadata.changes import Changes, compare
from mockserver.dialects.openmetadata.links import set_relation
from mockserver.dialects.openmetadata.view import view
from mockserver.world.events import Event
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.shown import Part, Shown
from mockserver.world.transaction import Transaction

Json = Any
FIRST_VERSION = 0.1
CHANGE_LISTS = ("fieldsAdded", "fieldsUpdated", "fieldsDeleted")


@dataclass(frozen=True, slots=True)
class Revision:
    """A record after a write: what is stored, what the writer is answered, and what changed (nothing: None)."""

    record: Record
    shown: Shown
    changes: Changes | None

    @property
    def changed(self) -> bool:
        return bool(self.changes)


def next_version(version: float, versioning: Versioning, major: bool) -> float:
    return round(version + (versioning.major if major else versioning.minor), 1)


def revise(
    context: Context,
    record: Record,
    before: Shown,
    data: Data,
    links: Mapping[str, Links],
    *,
    folds: bool = False,
    undeletes: bool = False,
) -> Revision:
    """Writes own fields and links; a write without effect leaves no trace."""
    world, contract = context.world, context.contract
    written = Record(record.resource, record.id, {**data, "deleted": False} if undeletes else data)
    untouched = world.mark() if links else None
    for relation, targets in links.items():
        set_relation(context, written, relation, targets)
    after = view(world, contract, written, context.home)
    resource = contract.resources[record.resource]
    changes = compare(resource, *before.apart(after))
    for field in secrets.changed(resource.secrets, record.data, data) if resource.secrets else ():
        changes.updated.append({"name": field})
    if undeletes and record.deleted:
        changes.single("deleted", True, False)
    if not changes:
        if untouched is not None:
            world.back_to(untouched)
        return Revision(record, before, None)
    return settle(context, written, before, after, changes, folds=folds and not record.deleted)


def settle(
    context: Context,
    record: Record,
    before: Shown,
    after: Shown,
    changes: Changes,
    *,
    folds: bool = False,
    kind: str = "entityUpdated",
) -> Revision:
    """Stores a record with its next version, keeps the last one's snapshot and tells the change."""
    world, versioning = context.world, context.contract.versioning
    previous = float(record.data.get("version", FIRST_VERSION))
    described = stored = changes.describe(previous)
    if folds and _may_fold(context, record):
        earlier = orjson.loads(told(next(iter(world.history(record.id))), context.home))
        world.forget_latest(record.id)
        folded = changed_fields(record.data) | changes.fields
        whole = _compare_fields(context, record, folded, earlier, after.members)
        previous, before = float(earlier["version"]), Shown(Part(earlier))
        stored = whole.describe(previous)
        if not whole:
            return _undo(context, record, earlier, changes, described)
        changes.major = whole.major
    version = next_version(previous, versioning, changes.major)
    marks = {"version": version, "updatedAt": world.now(), "updatedBy": context.principal.name}
    if carried := summary.carried(context, record, changes, after):
        described[summary.SUMMARY] = stored[summary.SUMMARY] = carried
    final = record.with_data(**marks, changeDescription=stored)
    world.remember(record.id, keep(previous, before, context.home))
    return _store(context, kind, final, changes, described)


def _store(context: Context, kind: str, record: Record, changes: Changes, described: dict[str, Json]) -> Revision:
    """Stores and tells a record; its writer is answered what this write changed, whatever the version is said to be."""
    labels.tie(context.world, context.contract, record, context.world.record(record.id))
    renaming.store(context, record)
    shown = view(context.world, context.contract, record, context.home)
    if record.data.get("changeDescription") is not described:
        shown = shown.but(changeDescription=described)
    tell(context, kind, record, shown, float(described["previousVersion"]), described)
    return Revision(record, shown, changes)


def _may_fold(context: Context, record: Record) -> bool:
    fold, data = context.contract.versioning.fold, record.data
    return (
        fold > 0
        and data.get("updatedBy") == context.principal.name
        and context.world.now() - int(data.get("updatedAt", 0)) <= fold * 1000
        and "If-Match" not in context.arguments
        and "deleted" not in changed_fields(data)
        and not summary.repeats(context, record)
        and bool(context.world.history(record.id))
    )


def changed_fields(shown: Mapping[str, Json]) -> set[str]:
    """The top fields that an answer says its version changed."""
    told = shown.get("changeDescription", {})
    return {str(each["name"]).split(".")[0] for key in CHANGE_LISTS for each in told.get(key, ())}


def _compare_fields(
    context: Context, record: Record, fields: set[str], before: Mapping[str, Json], after: Mapping[str, Json]
) -> Changes:
    """The changes of these fields alone: what others did meanwhile at the far end of a relation is none of them."""
    return compare(
        context.contract.resources[record.resource],
        {key: value for key, value in before.items() if key in fields},
        {key: value for key, value in after.items() if key in fields},
    )


def _undo(
    context: Context, record: Record, earlier: Mapping[str, Json], changes: Changes, described: dict[str, Json]
) -> Revision:
    """A fold that takes everything back leaves the earlier version standing."""
    data = dict(record.data)
    data.pop("changeDescription", None)
    kept = ("version", "updatedAt", "updatedBy", "changeDescription")
    data.update({key: earlier[key] for key in kept if key in earlier})
    return _store(context, "entityUpdated", Record(record.resource, record.id, data), changes, described)


def create(context: Context, record: Record, links: Mapping[str, Links]) -> Shown:
    """Stores a new record with its links, tells it, and gives what is answered."""
    context.world.put(record, record.data["fullyQualifiedName"])
    labels.tie(context.world, context.contract, record, None)
    for relation, targets in links.items():
        set_relation(context, record, relation, targets)
    shown = view(context.world, context.contract, record, context.home)
    tell(context, "entityCreated", record, shown, FIRST_VERSION, None)
    return shown


def tell(
    context: Context, kind: str, record: Record, shown: Shown, previous: float, description: dict[str, Json] | None
) -> None:
    """Adds a change event to the world, with the record as it is after it."""
    event = event_of(context, kind, record, shown.bare(), previous, description)
    context.world.tell(event)
    spread(context, event, record)


def spread(context: Context, event: Event, record: Record, *, reaction: bool = False) -> None:
    """Has the alerts that there are told of a change; not all of them are told of a `reaction`."""
    world, contract = context.world, context.contract
    own = contract.resources[record.resource].alerts is not None
    if not own and not _is_heard(world, contract, reaction):
        return
    from mockserver.dialects.openmetadata import notifying

    if own:
        notifying.settle(world, record, gone=event.kind == "entityDeleted")
    notifying.notify(world, contract, event, record, lambda: {**event_body(event), "entity": event.text})


def _is_heard(world: Transaction, contract: Contract, reaction: bool) -> bool:
    """Whether some alert has a destination; seen without more ado, since every write asks."""
    for resource in contract.alerting:
        if reaction and not (resource.alerts and resource.alerts.reactions):
            continue
        for _, id in world.keys(resource.name):
            alert = world.record(id)
            if alert is not None and alert.data.get("destinations"):
                return True
    return False


def event_of(
    context: Context, kind: str, record: Record, entity: Shown, previous: float, description: dict[str, Json] | None
) -> Event:
    """The next event, not yet told."""
    world = context.world
    body = {
        "entityFullyQualifiedName": record.data["fullyQualifiedName"],
        "currentVersion": record.data.get("version", FIRST_VERSION),
        "previousVersion": previous,
    }
    if description is not None:
        body["changeDescription"] = description
    type_word, user = context.contract.resources[record.resource].entity, context.principal.name
    return Event(world.events.next, world.new_id(), kind, type_word, record.id, world.now(), user, body, entity)


def event_body(event: Event) -> dict[str, Json]:
    """A change event as it is answered, all but its entity."""
    body = {
        "id": event.id,
        "eventType": event.kind,
        "entityType": event.entity_type,
        "entityId": event.entity_id,
        "userName": event.user,
        "timestamp": event.timestamp,
        **event.body,
    }
    if "changeDescription" in body:
        body["incrementalChangeDescription"] = body["changeDescription"]
    return body
