"""The verbs on one record: read, patch, delete, restore."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.behaviours import preconditions
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.jsonpatch import apply
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any


def find(context: Context, include: str = "non-deleted") -> Record:
    """The record that the path names by id or by name; 404 when it is not there, or deleted and not included."""
    arguments, resource = context.arguments, context.resource
    if context.operation.settings.get("by") == "name":
        wanted = str(arguments.get("fqn", arguments.get("name")))
        record = _named(context, resource.naming.sought(wanted))
    else:
        wanted = str(arguments["id"])
        record = context.world.record(wanted.lower())
    if record is None or record.resource != resource.name or not _included(record, include):
        raise context.dialect.missing(resource, wanted)
    return record


def _named(context: Context, wanted: str) -> Record | None:
    """The record of that unique name, which need not be quoted where it stands alone."""
    resource, naming = context.resource, context.resource.naming
    found = context.world.find(resource.name, wanted)
    if found is not None or "." not in wanted or naming.parents or naming.prefix or naming.verbatim:
        return found
    return context.world.find(resource.name, context.dialect.named(resource, None, wanted))


def _included(record: Record, include: str) -> bool:
    return include == "all" or record.deleted == (include == "deleted")


def read(context: Context) -> Answer:
    """One record, with the fields asked for."""
    fields = context.dialect.requested(context)
    record = find(context, str(context.arguments.get("include", "non-deleted")))
    context.dialect.authorize_view(context, record)
    return preconditions.seen(context, context.dialect.view(context, record, fields))


def patch(context: Context) -> Answer:
    """Applies a JSON Patch to the record as it is answered, and stores what came of it."""
    record = find(context)
    resource = context.resource
    touched = {field for step in context.body for field in _changed_fields(step)}
    needed = {resource.permissions.get(field, "EditAll") for field in touched - context.dialect.ignored(resource)}
    # Who may edit all of it need not be asked for each of its parts.
    context.dialect.authorize(context, ["EditAll"] if "EditAll" in needed else sorted(needed or {"EditAll"}), record)
    shown = context.dialect.view(context, record)
    preconditions.check(context, record, shown)
    edited = apply(context.body, _editable(shown.members, touched))
    if not isinstance(edited, dict):
        raise Problem.of([Violation("body", "the patch leaves no object behind")])
    revision = context.dialect.edit(context, record, shown, touched, edited)
    change = "entityUpdated" if revision.changed else "entityNoChange"
    stored = context.dialect.view(context, revision.record)
    text = stored.text
    headers = (*context.dialect.headers(change), *preconditions.left(context, 200, text))
    return Answer(200, text if stored is revision.shown else revision.shown, headers)


def _editable(members: dict[str, Json], touched: set[str]) -> dict[str, Json]:
    """These members, those that are touched being copies that may be changed in place."""
    for field in members if "" in touched else touched & members.keys():
        if isinstance(members[field], dict | list):
            members[field] = orjson.loads(orjson.dumps(members[field]))
    return members


def _changed_fields(step: dict[str, Json]) -> set[str]:
    """The top fields that a step may change; an empty name means the whole record."""
    if step["op"] == "test":
        return set()
    if step["op"] == "move":
        return {_top_field(step["from"]), _top_field(step["path"])}
    return {_top_field(step["path"])}


def _top_field(pointer: str) -> str:
    first = pointer.split("/", 2)[1] if pointer else ""
    return first.replace("~1", "/").replace("~0", "~") if "~" in first else first


def delete(context: Context) -> Answer:
    """Deletes the record: softly, or for good with `hardDelete`; with what it contains if `recursive`."""
    hard = bool(context.arguments.get("hardDelete"))
    record = find(context, "all" if hard else "non-deleted")
    for field, wanted in context.operation.settings.get("where", {}).items():
        if record.data.get(field) != wanted:
            not_so = "" if wanted else "not "
            raise Problem(400, f"{record.name} cannot be deleted here: this is for those that are {not_so}{field}")
    context.dialect.authorize(context, [context.operation.permission or "Delete"], record)
    recursive = bool(context.arguments.get("recursive"))
    shown = context.dialect.delete(context, record, hard=hard, recursive=recursive)
    if context.operation.settings.get("aside"):
        return _job(
            context, f"Delete operation initiated for {record.name}", record, hardDelete=hard, recursive=recursive
        )
    return Answer(200, shown, context.dialect.headers("entityDeleted" if hard else "entitySoftDeleted"))


def restore(context: Context) -> Answer:
    """Brings a soft-deleted record back, with what was deleted with it."""
    wanted = str(context.body["id"])
    record = context.world.record(wanted.lower())
    if record is None or record.resource != context.resource.name:
        raise context.dialect.missing(context.resource, wanted)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    shown = context.dialect.restore(context, record)
    if context.arguments.get("async"):
        return _job(context, f"Restore operation initiated for {record.name}", record)
    return Answer(200, shown, context.dialect.headers("entityRestored"))


def _job(context: Context, message: str, record: Record, **told: bool) -> Answer:
    """What is answered to who does not wait for a job, though it is done."""
    return Answer(202, {"jobId": context.world.new_id(), "message": message, "entityName": record.name, **told})
