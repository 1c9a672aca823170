"""The verbs that look back: versions, one version, change events, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem, Violation
from mockserver.world.root import Event

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
    latest = orjson.dumps(context.dialect.view(context, record)).decode()
    texts = [latest, *(snapshot.text for snapshot in context.world.history(record.id))]
    return Answer(200, {"entityType": context.resource.entity, "versions": texts})


def version(context: Context) -> Answer:
    """The record exactly as it was answered at that version."""
    record = find(context, "all")
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    wanted = float(context.arguments["version"])
    if float(record.data.get("version", 0)) == wanted:
        return Answer(200, context.dialect.view(context, record))
    for snapshot in context.world.history(record.id):
        if float(snapshot.version) == wanted:
            return Answer(200, snapshot.text.encode())
    raise context.dialect.missing(context.resource, f"{record.id} and version {context.arguments['version']}")


def events(context: Context) -> Answer:
    """Change events, newest first, of the kinds and entity types asked for; without any filter, all."""
    arguments = context.arguments
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    wanted = _wanted(context)
    since = int(arguments.get("timestamp", 0))
    entity = str(arguments.get("entityId", "")).lower()
    found: Iterator[Event] = (
        event
        for event in context.world.events()
        if event.timestamp >= since
        and (not entity or event.entity_id == entity)
        and (
            not wanted or any(event.kind in kinds and entities & {event.entity_type, "*"} for kinds, entities in wanted)
        )
    )
    data = [context.dialect.event(context, event) for event in islice(found, int(arguments.get("limit", MOST_EVENTS)))]
    return Answer(200, {"data": data, "paging": {"total": len(data) + sum(1 for _ in found)}})


def _wanted(context: Context) -> list[tuple[tuple[str, ...], set[str]]]:
    wanted, violations = [], []
    for name, kinds in KINDS.items():
        text = context.arguments.get(name)
        if not text:
            continue
        entities = {entity.strip() for entity in (text.split(",") if isinstance(text, str) else text)}
        unknown = sorted(entities - {"*"} - set(context.contract.by_entity))
        violations += [Violation(f"query {name}", f"Invalid entity {each} in query param {name}") for each in unknown]
        wanted.append((kinds, entities))
    if violations:
        message = ", ".join(violation.message for violation in violations)
        raise Problem(400, message, violations=tuple(violations))
    return wanted


def whoami(context: Context) -> Answer:
    """The caller's own record."""
    fields = context.dialect.requested(context)
    record = context.world.record(context.principal.id) if context.principal.id else None
    if record is None:
        raise context.dialect.missing(context.resource, context.principal.name)
    return Answer(200, context.dialect.view(context, record, fields))


def example(context: Context) -> Answer:
    """The example of the operation's first successful answer."""
    status, media_type, value = context.operation.canned
    body = value if media_type.endswith("json") else str(value).encode()
    return Answer(status, body, media_type=media_type)
