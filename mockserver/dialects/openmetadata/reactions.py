"""Following and voting: what is kept beside a record and leaves its version as it is."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import history
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.view import reference, view
from mockserver.world.record import Record
from mockserver.world.shown import Shown
from mockserver.world.transaction import Transaction

Json = Any


def relate(context: Context, record: Record, relation: str, target: Record, value: Json, add: bool) -> Json:
    """Adds or removes the link, tells it when it changed something, and answers the record or the change event."""
    moved = _move(context.world, record, relation, target, value, add)
    shown = view(context.world, context.contract, record, context.home)
    as_event = context.operation.settings.get("answer") == "change"
    if not moved and not as_event:
        return shown
    event = _event(context, record, shown, _describe(context, relation, target, add), moved=moved)
    return event if as_event else shown


def noted(context: Context, record: Record, field: str, before: Json, after: Json) -> Json:
    """The change event of a field that is kept beside a record's versions, told if it changed."""
    changes = Changes()
    changes.single(field, before, after)
    shown = view(context.world, context.contract, record, context.home)
    return _event(context, record, shown, changes, moved=before != after)


def _event(context: Context, record: Record, shown: Shown, changes: Changes, *, moved: bool) -> Json:
    version = float(record.data["version"])
    event = history.event_of(context, "entityUpdated", record, shown, version, changes.describe(version))
    if moved:
        context.world.tell(event)
        history.spread(context, event, record, reaction=True)
    return {**history.event_body(event), "entity": shown}


def _move(world: Transaction, record: Record, relation: str, target: Record, value: Json, add: bool) -> bool:
    """Adds or removes the link; false when that changes nothing."""
    links = world.links(record.id, relation)
    there = target.id in links
    if add and (not there or links[target.id] != value):
        world.link(record.id, relation, target.id, value)
        return True
    if not add and there:
        world.unlink(record.id, relation, target.id)
        return True
    return False


def _describe(context: Context, relation: str, target: Record, add: bool) -> Changes:
    changes = Changes()
    if context.resource.relations[relation].tally:
        changes.updated.append({"name": relation, "newValue": context.body.get("updatedVoteType") or "unVoted"})
        return changes
    members = [reference(context.contract, target, context.home)]
    changes.single(relation, None if add else members, members if add else None)
    return changes
