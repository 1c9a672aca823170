"""The verbs on the one record that belongs to another, which is the one that the path names."""

from __future__ import annotations

from dataclasses import replace

from mockserver.behaviours.collections import upsert
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import delete, read
from mockserver.world.record import Record


def sole(context: Context) -> Answer:
    """The one that belongs to the record, with the fields asked for."""
    return read(_meant(context))


def set_sole(context: Context) -> Answer:
    """Creates it, or lays the body over it; to whom it belongs is said by the path, whatever the body says."""
    holder = _holder(context)
    said = {_relation(context): holder.data["fullyQualifiedName"]}
    return upsert(replace(context, body={**context.body, **said}))


def drop_sole(context: Context) -> Answer:
    """Deletes it, as any other record of its kind."""
    return delete(_meant(context))


def _relation(context: Context) -> str:
    return str(context.operation.settings["relation"])


def _holder(context: Context) -> Record:
    """The living record that the path names."""
    resources = context.contract.resources
    (kind,) = context.resource.relations[_relation(context)].to
    wanted = str(context.arguments["id"])
    record = context.world.record(wanted.lower())
    if record is None or record.resource != kind or record.deleted:
        raise context.dialect.missing(resources[kind], wanted)
    return record


def _meant(context: Context) -> Context:
    """The call as if it named what belongs to the holder."""
    holder = _holder(context)
    found = next(iter(context.world.sources(holder.id, _relation(context))), None)
    if found is None:
        raise context.dialect.missing(context.resource, holder.id)
    return replace(context, arguments={**context.arguments, "id": found})
