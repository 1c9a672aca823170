"""What a write leaves behind: the next version, the snapshot of the last one, and the change event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.behaviours.snapshots import keep, told
from mockserver.contract.model import Versioning
from mockserver.dialects.openmetadata.changes import Changes, compare
from mockserver.dialects.openmetadata.links import set_relation
from mockserver.dialects.openmetadata.view import view
from mockserver.world.events import Event
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any
FIRST_VERSION = 0.1
CHANGE_LISTS = ("fieldsAdded", "fieldsUpdated", "fieldsDeleted")


@dataclass(frozen=True, slots=True)
class Revision:
    """A record after a write: what is stored, what the writer is answered, and what changed (nothing: None)."""

    record: Record
    shown: dict[str, Json]
    changes: Changes | None

    @property
    def changed(self) -> bool:
        return bool(self.changes)


def next_version(version: float, versioning: Versioning, major: bool) -> float:
    return round(version + (versioning.major if major else versioning.minor), 1)


def revise(
    context: Context,
    record: Record,
    data: Data,
    links: Mapping[str, Links],
    *,
    folds: bool = False,
    undeletes: bool = False,
) -> Revision:
    """Writes own fields and links; a write without effect leaves no trace."""
    world = context.world
    before = view(world, context.contract, record, context.home)
    untouched = world.mark()
    written = Record(record.resource, record.id, {**data, "deleted": False} if undeletes else data)
    world.replace(written)
    for relation, targets in links.items():
        set_relation(context, written, relation, targets)
    after = view(world, context.contract, written, context.home)
    changes = compare(context.contract.resources[record.resource], before, after)
    if undeletes and record.deleted:
        changes.single("deleted", True, False)
    if not changes:
        world.back_to(untouched)
        return Revision(record, before, None)
    return settle(context, written, before, after, changes, folds=folds and not record.deleted)


def settle(
    context: Context,
    record: Record,
    before: dict[str, Json],
    after: dict[str, Json],
    changes: Changes,
    *,
    folds: bool = False,
    kind: str = "entityUpdated",
) -> Revision:
    """Gives a written record its next version, keeps the last one's snapshot and tells the change."""
    world, versioning = context.world, context.contract.versioning
    previous = float(before.get("version", FIRST_VERSION))
    now, user = world.now(), context.principal.name
    described = changes.describe(previous)
    stored = described
    if folds and _may_fold(context, before, now):
        earlier = orjson.loads(told(next(iter(world.history(record.id))), context.home))
        world.forget_latest(record.id)
        whole = _compare_fields(context, record, _told_fields(before) | changes.fields, earlier, after)
        previous, before, stored = float(earlier["version"]), earlier, whole.describe(float(earlier["version"]))
        if not whole:
            return _undo(context, record, earlier, after, changes, described)
        changes.major = whole.major
    version = next_version(previous, versioning, changes.major)
    marks = {"version": version, "updatedAt": now, "updatedBy": user}
    final = record.with_data(**marks, changeDescription=stored)
    world.replace(final)
    world.remember(record.id, keep(previous, before, context.home))
    shown = {**after, **marks, "changeDescription": described}
    tell(context, kind, final, shown, float(described["previousVersion"]), described)
    return Revision(final, shown, changes)


def _may_fold(context: Context, before: Mapping[str, Json], now: int) -> bool:
    fold = context.contract.versioning.fold
    return (
        fold > 0
        and before.get("updatedBy") == context.principal.name
        and now - int(before.get("updatedAt", 0)) <= fold * 1000
        and "If-Match" not in context.arguments
        and "deleted" not in _told_fields(before)
        and bool(context.world.history(before["id"]))
    )


def _told_fields(shown: Mapping[str, Json]) -> set[str]:
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
    context: Context,
    record: Record,
    earlier: Mapping[str, Json],
    after: dict[str, Json],
    changes: Changes,
    described: dict[str, Json],
) -> Revision:
    """A fold that takes everything back leaves the earlier version standing."""
    marks = {key: earlier[key] for key in ("version", "updatedAt", "updatedBy") if key in earlier}
    data = {**record.data, **marks}
    data.pop("changeDescription", None)
    if "changeDescription" in earlier:
        data["changeDescription"] = earlier["changeDescription"]
    final = Record(record.resource, record.id, data)
    context.world.replace(final)
    shown = {**after, **marks, "changeDescription": described}
    tell(context, "entityUpdated", final, shown, float(described["previousVersion"]), described)
    return Revision(final, shown, changes)


def create(context: Context, record: Record, links: Mapping[str, Links]) -> dict[str, Json]:
    """Stores a new record with its links, tells it, and gives what is answered."""
    context.world.put(record, record.data["fullyQualifiedName"])
    for relation, targets in links.items():
        set_relation(context, record, relation, targets)
    shown = view(context.world, context.contract, record, context.home)
    tell(context, "entityCreated", record, shown, FIRST_VERSION, None)
    return shown


def tell(
    context: Context,
    kind: str,
    record: Record,
    shown: dict[str, Json],
    previous: float,
    description: dict[str, Json] | None,
) -> None:
    """Adds a change event to the world, with the JSON text of the record after it."""
    tell_event(context, event_body(context, kind, record, previous, description), orjson.dumps(shown))


def event_body(
    context: Context, kind: str, record: Record, previous: float, description: dict[str, Json] | None
) -> dict[str, Json]:
    """A change event as it is answered, all but its entity."""
    world = context.world
    body = {
        "id": world.new_id(),
        "eventType": kind,
        "entityType": context.contract.resources[record.resource].entity,
        "entityId": record.id,
        "entityFullyQualifiedName": record.data["fullyQualifiedName"],
        "userName": context.principal.name,
        "timestamp": world.now(),
        "currentVersion": record.data.get("version", FIRST_VERSION),
        "previousVersion": previous,
    }
    if description is not None:
        body["changeDescription"] = body["incrementalChangeDescription"] = description
    return body


def tell_event(context: Context, body: dict[str, Json], entity: bytes) -> None:
    context.world.tell(
        Event(
            context.world.next_event,
            body["id"],
            body["eventType"],
            body["entityType"],
            body["entityId"],
            body["timestamp"],
            body["userName"],
            body,
            entity,
        )
    )
