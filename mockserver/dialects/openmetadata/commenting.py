"""What people say about tasks."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.entitylinks import found_in
from mockserver.behaviours.items import find
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
MENTIONED = "mentioned"
PEOPLE = {"user": "users", "team": "teams"}


def add(context: Context) -> Answer:
    """The task with one more comment by the caller."""
    record = _seen(context)
    return _answer(context, said(context, record, context.body["message"]))


def said(context: Context, record: Record, message: str) -> Record:
    """A task with one more comment by the caller; who is mentioned in it is tied to the task."""
    world = context.world
    comment = {
        "id": world.new_id(),
        "message": message,
        "author": {"id": str(context.principal.id), "type": "user"},
        "createdAt": world.now(),
    }
    for link in found_in(message):
        found = world.find(PEOPLE[link.kind], link.name) if link.kind in PEOPLE else None
        if found is not None:
            world.link(record.id, MENTIONED, found.id)
    return _stored(context, record, [*record.data["comments"], comment])


def edit(context: Context) -> Answer:
    """The task with a comment of the caller's said otherwise."""
    record = _seen(context)
    at = _mine(context, record, "edit", context.principal.id)
    comments = list(record.data["comments"])
    comments[at] = {**comments[at], "message": context.body["message"]}
    return _answer(context, _stored(context, record, comments))


def drop(context: Context) -> Answer:
    """The task without a comment, of the caller's or, for administrators, of anybody's."""
    record = _seen(context)
    at = _mine(context, record, "delete", None if context.principal.admin else context.principal.id)
    comments = record.data["comments"]
    return _answer(context, _stored(context, record, [*comments[:at], *comments[at + 1 :]]))


def _seen(context: Context) -> Record:
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewBasic"], record)
    return record


def _mine(context: Context, record: Record, does: str, author: str | None) -> int:
    """The place of the comment that the path names, if it is this author's."""
    wanted = str(context.arguments["commentId"]).lower()
    for at, comment in enumerate(record.data["comments"]):
        if comment["id"] != wanted:
            continue
        if author not in (None, comment["author"]["id"]):
            raise Problem(403, f"User {context.principal.name} is not authorized to {does} this comment")
        return at
    raise Problem(400, f"Comment not found: {wanted}")


def _stored(context: Context, record: Record, comments: list[Json]) -> Record:
    changed = record.with_data(comments=comments, commentCount=len(comments), updatedAt=context.world.now())
    context.world.replace(changed)
    return changed


def _answer(context: Context, record: Record) -> Answer:
    return Answer(200, context.dialect.view(context, record))
