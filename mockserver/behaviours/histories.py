"""The verbs that look back: versions, one version, change events, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.preconditions import seen
from mockserver.behaviours.snapshots import told
from mockserver.world.events import Event

Json = Any
MOST_EVENTS = 1000
KINDS = {
    "entityCreated": ("entityCreated",),
    "entityUpdated": ("entityUpdated", "entitySoftDeleted", "entityRestored"),
    "entityDeleted": ("entityDeleted", "entitySoftDeleted"),
}


def versions(context: Context) -> Answer:
    """Every version as a JSON text, newest first; of soft-deleted records too."""
    record = find(context, "all")
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    latest = context.dialect.view(context, record).text.decode()
    texts = [latest, *(told(snapshot, context.home) for snapshot in context.world.history(record.id))]
    return Answer(200, {"entityType": context.resource.entity, "versions": texts})


def version(context: Context) -> Answer:
    """The record exactly as it was answered at that version."""
    record = find(context, "all")
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    wanted = float(context.arguments["version"])
    if float(record.data.get("version", 0)) == wanted:
        return seen(context, context.dialect.view(context, record))
    for snapshot in context.world.history(record.id):
        if float(snapshot.version) == wanted:
            return seen(context, told(snapshot, context.home).encode())
    raise context.dialect.missing(context.resource, f"{record.id} and version {context.arguments['version']}")


def events(context: Context) -> Answer:
    """Change events, newest first, of the kinds and entity types asked for; without any filter, all."""
    arguments = context.arguments
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    wanted = _wanted(arguments)
    since = int(arguments.get("timestamp", 0))
    entity = str(arguments.get("entityId", "")).lower()
    found: Iterator[Event] = (
        event
        for event in context.world.events.newest_first()
        if event.timestamp >= since
        and entity in ("", event.entity_id)
        and (
            not wanted or any(event.kind in kinds and entities & {event.entity_type, "*"} for kinds, entities in wanted)
        )
    )
    data = [context.dialect.event(context, event) for event in islice(found, int(arguments.get("limit", MOST_EVENTS)))]
    return Answer(200, {"data": data, "paging": {"total": len(data) + sum(1 for _ in found)}})


def _wanted(arguments: Mapping[str, Json]) -> list[tuple[tuple[str, ...], set[str]]]:
    """The kinds of event that are asked for, each with the entity types."""
    asked = ((kinds, arguments.get(name) or ()) for name, kinds in KINDS.items())
    lists = ((kinds, given.split(",") if isinstance(given, str) else given) for kinds, given in asked)
    return [(kinds, set(entities)) for kinds, entities in lists if entities]


def whoami(context: Context) -> Answer:
    """The caller's own record."""
    fields = context.dialect.requested(context)
    record = context.world.record(context.principal.id) if context.principal.id else None
    if record is None:
        raise context.dialect.missing(context.resource, context.principal.name)
    return seen(context, context.dialect.view(context, record, fields))


def example(context: Context) -> Answer:
    """The example of the operation's first successful answer."""
    if context.operation.permission is not None:
        context.dialect.authorize(context, [context.operation.permission])
    status, media_type, value = context.operation.canned
    body = value if media_type.endswith("json") else str(value).encode()
    return Answer(status, body, media_type=media_type)
