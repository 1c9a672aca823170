"""The verbs on one record: read, patch, delete, restore."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.exchange import Problem, Violation
from mockserver.world.root import Record

Json = Any
COPY_LIMIT = 8 * 1024 * 1024


def find(context: Context, include: str = "non-deleted") -> Record:
    """The record that the path names by id or by name; 404 when it is not there, or deleted and not included."""
    arguments, resource = context.arguments, context.resource
    if context.operation.settings.get("by") == "name":
        wanted = str(arguments.get("fqn", arguments.get("name")))
        record = context.world.find(resource.name, wanted)
    else:
        wanted = str(arguments["id"])
        record = context.world.record(wanted.lower())
    if record is None or record.resource != resource.name or not _included(record, include):
        raise context.dialect.missing(resource, wanted)
    return record


def _included(record: Record, include: str) -> bool:
    return include == "all" or record.deleted == (include == "deleted")


def read(context: Context) -> Answer:
    """One record, with the fields asked for."""
    fields = context.dialect.requested(context)
    record = find(context, str(context.arguments.get("include", "non-deleted")))
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    return Answer(200, context.dialect.view(context, record, fields))


def patch(context: Context) -> Answer:
    """Applies a JSON Patch to the record as it is answered, and stores what came of it."""
    record = find(context)
    touched = {_top_field(step) for step in context.body}
    permissions = context.resource.permissions
    context.dialect.authorize(context, sorted({permissions.get(field, "EditAll") for field in touched} or {"EditAll"}), record)
    edited = apply(context.body, deepcopy(context.dialect.view(context, record)))
    if not isinstance(edited, dict):
        raise Problem.of([Violation("body", "the patch leaves no object behind")])
    revision = context.dialect.edit(context, record, touched, edited)
    change = "entityUpdated" if revision.changed else "entityNoChange"
    return Answer(200, revision.shown, context.dialect.headers(change))


def _top_field(step: dict[str, Json]) -> str:
    return str(step["path"]).split("/")[1].replace("~1", "/").replace("~0", "~") if "/" in step["path"] else ""


def apply(steps: list[dict[str, Json]], document: Json) -> Json:
    """The patched document; a step that cannot be done is a 400 that names it."""
    from jsonpath import JSONPatch
    from jsonpath.exceptions import JSONPatchError, JSONPointerError

    for position, step in enumerate(steps):
        try:
            document = JSONPatch([step]).apply(document)
        except (JSONPatchError, JSONPointerError, ValueError, TypeError, RecursionError) as error:
            message = f"cannot {step.get('op')} at {step.get('path')!r}: {_reason(error)}"
            raise Problem.of([Violation(f"body /{position}", message)]) from error
        if step["op"] in ("copy", "add") and len(orjson.dumps(document)) > COPY_LIMIT:
            raise Problem.of([Violation(f"body /{position}", f"the record would grow over {COPY_LIMIT} bytes")])
        if step["op"] == "copy":
            document = orjson.loads(orjson.dumps(document))
    return document


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else "the value differs"


def delete(context: Context) -> Answer:
    """Deletes the record: softly, or for good with `hardDelete`; with what it contains if `recursive`."""
    hard = bool(context.arguments.get("hardDelete"))
    record = find(context, "all" if hard else "non-deleted")
    context.dialect.authorize(context, [context.operation.permission or "Delete"], record)
    recursive = bool(context.arguments.get("recursive"))
    shown = context.dialect.delete(context, record, hard=hard, recursive=recursive)
    return Answer(200, shown, context.dialect.headers("entityDeleted" if hard else "entitySoftDeleted"))


def restore(context: Context) -> Answer:
    """Brings a soft-deleted record back, with what was deleted with it."""
    wanted = str(context.body["id"])
    record = context.world.record(wanted.lower())
    if record is None or record.resource != context.resource.name:
        raise context.dialect.missing(context.resource, wanted)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    return Answer(200, context.dialect.restore(context, record), context.dialect.headers("entityRestored"))
