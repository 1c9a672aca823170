"""Following and voting: what is kept beside a record and leaves its version as it is."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import history
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.view import reference, view
from mockserver.world.root import Record

Json = Any


def relate(context: Context, record: Record, relation: str, target: Record, value: Json, add: bool) -> Json:
    """Adds or removes the link, tells it when it changed something, and answers the record or the change event."""
    world = context.world
    links = world.links(record.id, relation)
    moved = target.id not in links or links[target.id] != value if add else target.id in links
    if moved and add:
        world.link(record.id, relation, target.id, value)
    elif moved:
        world.unlink(record.id, relation, target.id)
    shown = view(world, context.contract, record, context.home)
    untold = world.commit()
    version = float(record.data["version"])
    described = _describe(context, relation, target, add).describe(version)
    event = history.tell(context, "entityUpdated", record, shown, version, described)
    if not moved:
        world.restore(untold)
    return event if context.operation.settings.get("answer") == "change" else shown


def _describe(context: Context, relation: str, target: Record, add: bool) -> Changes:
    changes = Changes()
    if context.resource.relations[relation].tally:
        changes.updated.append({"name": relation, "newValue": context.body.get("updatedVoteType") or "unVoted"})
        return changes
    members = [reference(context.contract, target, context.home)]
    changes.single(relation, None if add else members, members if add else None)
    return changes
