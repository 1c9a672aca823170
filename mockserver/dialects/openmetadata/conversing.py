"""What people do in the activity feed: begin threads, post, edit, react and take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.jsonpatch import apply
from mockserver.contract.validation import violations_of
from mockserver.dialects.openmetadata import numbering, tasks, threads
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Data, Record

Json = Any
EDITABLE = ("message", "resolved", "reactions", "announcement", "task")
WHAT_IT_IS = {"Task": "taskDetails", "Announcement": "announcementDetails", "Chatbot": "chatbotDetails"}


def converse(context: Context) -> Answer:
    return WHAT[context.operation.settings["what"]](context)


def _begin(context: Context) -> Answer:
    """A new thread by the caller."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    body, world = context.body, context.world
    kind = body.get("type", "Conversation")
    _, entity = threads.entity_of(context, body["about"], "body /about")
    if body.get("addressedTo") is not None:
        threads.entity_of(context, body["addressedTo"], "body /addressedTo")
    data = {**threads.begun(world, context.principal.name, body["about"], body["message"]), "type": kind}
    data.update({key: body[key] for key in ("addressedTo", "domains") if body.get(key) is not None})
    data.update(_details(context, kind, body))
    record = threads.put(world, context.resource, data)
    world.link(record.id, threads.ABOUT, entity.id)
    if context.principal.id is not None:
        world.link(record.id, threads.AUTHOR, context.principal.id)
    threads.tell(context, "threadCreated", record)
    shown = threads.shown(context, record)
    return Answer(201, shown, (("Location", shown.members["href"]),))


def _details(context: Context, kind: str, body: Mapping[str, Json]) -> Data:
    """What makes a thread a task or an announcement."""
    field = WHAT_IT_IS.get(kind)
    if field is None:
        return {}
    given = body.get(field)
    if given is None and kind == "Chatbot":
        return {}
    if given is None:
        raise Problem.of([Violation(f"body /{field}", f"must be there for a thread of type {kind}")])
    if kind == "Announcement":
        _check_window(given, f"body /{field}")
    given = {key: value for key, value in given.items() if value is not None}
    if kind != "Task":
        return {kind.lower(): given}
    assignees = threads.people(context, given["assignees"], f"body /{field}/assignees")
    return {
        "task": {
            "id": numbering.free(context.world, context.resource, threads.task_name),
            "status": "Open",
            **given,
            "assignees": assignees,
        }
    }


def _check_window(window: Mapping[str, Json], where: str) -> None:
    if window["startTime"] >= window["endTime"]:
        raise Problem.of([Violation(f"{where}/endTime", "Announcement start time must be earlier than the end time")])


def _post(context: Context) -> Answer:
    """A new post by the caller, answered alone or with the thread."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    record = threads.find(context)
    post = threads.new_post(context, context.body["message"])
    record = threads.store(context, record, posts=[*record.data["posts"], post])
    threads.tell(context, "postCreated", record)
    shown = threads.shown(context, record)
    whole = context.operation.settings.get("answer") == "entity"
    href = (("Location", shown.members["href"]),)
    return Answer(201, shown if whole else threads.shown_post(context, post), href)


def _edit(context: Context) -> Answer:
    """A patched thread."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    record = threads.find(context)
    shown = threads.shown(context, record).members
    edited = _patched(context, shown, "Thread")
    changes = {key: edited[key] for key in EDITABLE if key in edited and edited[key] != shown.get(key)}
    if not changes:
        return Answer(200, threads.shown(context, record), context.dialect.headers("entityNoChange"))
    if "reactions" in changes:
        changes["reactions"] = _reactions(context, changes["reactions"])
    if "announcement" in changes:
        _check_window(changes["announcement"], "body /announcement")
    if "task" in changes:
        changes["task"] = _task(context, record, changes["task"])
    record = threads.store(context, record, **changes)
    threads.tell(context, "threadUpdated", record)
    return Answer(200, threads.shown(context, record), context.dialect.headers("entityUpdated"))


def _task(context: Context, record: Record, task: Data) -> Data:
    """An edited task: its number, its state and who closed it stay as they are."""
    there = record.data.get("task")
    if there is None:
        raise Problem.of([Violation("body /task", "this thread is no task")])
    kept = {key: there[key] for key in ("id", "status", "closedBy", "closedAt") if key in there}
    given = {key: value for key, value in task.items() if key not in ("closedBy", "closedAt")}
    return {**given, **kept, "assignees": threads.people(context, task["assignees"], "body /task/assignees")}


def _reactions(context: Context, reactions: list[Json]) -> list[Json]:
    """Reactions as they are stored, each of one person once."""
    users = threads.people(context, (each["user"] for each in reactions), "body /reactions")
    found = {
        (each["reactionType"], user["id"]): {"reactionType": each["reactionType"], "user": user}
        for each, user in zip(reactions, users, strict=True)
    }
    return list(found.values())


def _patched(context: Context, shown: dict[str, Json], schema: str) -> dict[str, Json]:
    """What a patch makes of an answer, which must be one afterwards."""
    edited = apply(context.body, orjson.loads(orjson.dumps(shown)))
    if not isinstance(edited, dict):
        raise Problem.of([Violation("body", "the patch leaves no object behind")])
    if found := violations_of(context.contract, schema, edited):
        raise Problem.of([Violation(f"body (patched) {each.where}", each.message) for each in found])
    return edited


def _edit_post(context: Context) -> Answer:
    """A patched post."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    record = threads.find(context)
    at, post = threads.post_in(context, record)
    edited = _patched(context, threads.shown_post(context, post), "FeedPost")
    changed = {**post, "message": edited["message"], "reactions": _reactions(context, edited.get("reactions", []))}
    if changed == post:
        return Answer(200, threads.shown_post(context, post), context.dialect.headers("entityNoChange"))
    posts = [*record.data["posts"][:at], changed, *record.data["posts"][at + 1 :]]
    threads.tell(context, "postUpdated", threads.store(context, record, posts=posts))
    return Answer(200, threads.shown_post(context, changed), context.dialect.headers("entityUpdated"))


def _delete(context: Context) -> Answer:
    """Takes a thread back: by its author, and by who may delete what others wrote."""
    record = threads.find(context)
    _check_author(context, record.data["createdBy"])
    shown = threads.shown(context, record)
    threads.tell(context, "entityDeleted", record)
    for relation in context.resource.stored_relations:
        context.world.set_links(record.id, relation.name, {})
    context.world.remove(record, threads.unique_name(record))
    return Answer(200, shown, context.dialect.headers("entityDeleted"))


def _delete_post(context: Context) -> Answer:
    record = threads.find(context)
    at, post = threads.post_in(context, record)
    _check_author(context, post["from"])
    posts = record.data["posts"]
    threads.store(context, record, posts=[*posts[:at], *posts[at + 1 :]])
    return Answer(200, threads.shown_post(context, post), context.dialect.headers("entityDeleted"))


def _check_author(context: Context, author: str) -> None:
    if context.principal.name != author and not context.principal.bot:
        context.dialect.authorize(context, [context.operation.permission or "Delete"])


WHAT: Mapping[str, Callable[[Context], Answer]] = {
    "begin": _begin,
    "edit": _edit,
    "delete": _delete,
    "post": _post,
    "editPost": _edit_post,
    "deletePost": _delete_post,
    "resolve": tasks.resolve,
    "close": tasks.close,
}
