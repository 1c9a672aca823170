"""Threads of the activity feed that nobody wrote: what a change was, about what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mockserver.behaviours.entitylinks import EntityLink
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata import build, threads
from mockserver.dialects.openmetadata.matching import THREAD
from mockserver.world.events import Event
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
SYSTEM = "system"
WHOLE = {"entityCreated": "Created", "entitySoftDeleted": "Soft deleted", "entityRestored": "Restored"}
FIELDS = (
    ("fieldsAdded", "Added", "newValue"),
    ("fieldsUpdated", "Updated", "newValue"),
    ("fieldsDeleted", "Deleted", "oldValue"),
)
# What a reference, a label or an item is called by.
CALLED = ("displayName", "tagFQN", "name", "id")


def write(world: Transaction, contract: Contract, event: Event, record: Record) -> None:
    """Leaves a thread for each field that a change is about, or one for a record as a whole."""
    resource = contract.by_entity[THREAD]
    if record.resource not in resource.relations[threads.ABOUT].to:
        return
    author, domains = build.user_named(world, event.user), list(world.links(record.id, "domains"))
    for path, message in _said(event):
        link = EntityLink(event.entity_type, str(event.body["entityFullyQualifiedName"]), path)
        data = {**threads.begun(world, event.user, str(link), message), "generatedBy": SYSTEM}
        thread = threads.put(world, resource, {**data, "domains": domains} if domains else data)
        world.link(thread.id, threads.ABOUT, record.id)
        if author is not None:
            world.link(thread.id, threads.AUTHOR, author.id)


def _said(event: Event) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path to each thing that is told, and what is told of it."""
    if (verb := WHOLE.get(event.kind)) is not None:
        yield (), f"{verb} **{event.entity_type}**: `{event.body['entityFullyQualifiedName']}`"
        return
    changes: Mapping[str, Json] = event.body.get("changeDescription") or {}
    for key, verb, value in FIELDS:
        for change in changes.get(key, ()):
            yield tuple(change["name"].split(".")), f"{verb} **{change['name']}**: `{_text(change.get(value))}`"


def _text(value: Json) -> str:
    """A value by the names of what is in it; lists and objects stand in a change as texts of JSON."""
    if isinstance(value, str):
        told = _told(value)
        return value if told is None else _text(told)
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict) and (name := next((key for key in CALLED if value.get(key)), None)):
        return str(value[name])
    return orjson.dumps(value).decode()


def _told(text: str) -> Json:
    """The list or the object that a text holds, if it holds one."""
    try:
        return orjson.loads(text) if text[:1] in ("[", "{") else None
    except orjson.JSONDecodeError:
        return None
