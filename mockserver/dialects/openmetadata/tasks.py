"""Tasks of the activity feed brought to their end: what they ask for is done, or not."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.dialects.openmetadata import applying, approving, threads
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any


def resolve(context: Context) -> Answer:
    """Writes what a task asked for into the entity that it is about, and closes it."""
    record, value = _open_task(context, also_author=False), context.body["newValue"]
    link, entity = parsed(record.data["about"]), threads.about(context, record)
    kind = record.data["task"]["type"]
    if entity is not None and kind == approving.KIND:
        return _decided(context, record, entity, approves=str(value).lower() == approving.YES)
    if entity is not None and link is not None and kind.endswith(("Description", "Tag")):
        field = "description" if kind.endswith("Description") else "tags"
        _write(context, entity, link.path, field, value if field == "description" else _labels(value))
    return _closed(context, record, "taskResolved", "Resolved the Task.", newValue=value)


def _decided(context: Context, record: Record, entity: Record, *, approves: bool) -> Answer:
    """Closes a task of reviewers, and writes down how they decided."""
    resource = context.contract.resources[entity.resource]
    if resource.review is None:
        raise Problem.of([Violation("path taskId", f"nobody approves of {resource.plural}")])
    # A decision closes the tasks that wait for it, so this one is closed before.
    answer = _closed(context, record, "taskResolved", "Resolved the Task.", newValue=context.body["newValue"])
    applying.decide(context, entity, approves=approves)
    return answer


def _labels(text: str) -> Json:
    try:
        labels = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Problem.of([Violation("body /newValue", f"must be the JSON of a list of tags: {error}")]) from None
    if not isinstance(labels, list):
        raise Problem.of([Violation("body /newValue", "must be the JSON of a list of tags")])
    return labels


def _write(context: Context, entity: Record, path: tuple[str, ...], field: str, value: Json) -> None:
    if not path or path[-1] != field:
        told = f"the task is about {'::'.join(path) or 'the entity as a whole'}: its link must end in ::{field}"
        raise Problem.of([Violation("path taskId", told)])
    applying.write(context, entity, path, lambda _: value)


def close(context: Context) -> Answer:
    """Closes a task without doing what it asked for."""
    record = _open_task(context, also_author=True)
    return _closed(context, record, "taskClosed", f"Closed the Task with comment - {context.body['comment']}")


def _open_task(context: Context, *, also_author: bool) -> Record:
    """The open task that the path names, if the caller may bring it to its end."""
    record = threads.find(context)
    principal, task = context.principal, record.data["task"]
    entity = threads.about(context, record)
    owners = set() if entity is None else set(context.world.links(entity.id, "owners"))
    people = {principal.id, *(context.world.links(principal.id, "teams") if principal.id else ())}
    concerned = owners | {each["id"] for each in task["assignees"]}
    if not (people & concerned or (also_author and principal.name == record.data["createdBy"])):
        context.dialect.authorize(context, [context.operation.permission or "EditAll"])
    if task["status"] != "Open":
        raise Problem(400, f"Task {task['id']} is closed already")
    return record


def _closed(context: Context, record: Record, kind: str, comment: str, **more: Json) -> Answer:
    record = threads.close(context, record, kind, comment, **more)
    return Answer(200, threads.shown(context, record), context.dialect.headers("entityUpdated"))
