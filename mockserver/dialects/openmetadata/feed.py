"""The activity feed: who sees which threads, in what order, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver.behaviours.collections import check_direction, page
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.dialects.openmetadata import build, threads
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record
from mockserver.world.sorted import SortedKeys

Json = Any
TASK, ANNOUNCEMENT, CONVERSATION = "Task", "Announcement", "Conversation"


def answer(context: Context) -> Answer:
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    return Answer(200, WHAT[context.operation.settings["what"]](context))


def _listed(context: Context) -> Json:
    """A page, the latest change first."""
    check_direction(context)
    found = SortedKeys.of((-record.data["updatedAt"], record.id) for record in _wanted(context))
    shown, paging = page(context, found, [int, str])
    posts = int(context.arguments.get("limitPosts", 3))
    records = (context.world.record(str(id)) for _, id in shown)
    data = [threads.shown(context, record, posts) for record in records if record is not None]
    return {"data": data, "paging": paging}


def _wanted(context: Context) -> Iterator[Record]:
    """The threads that pass all filters."""
    arguments = context.arguments
    kind, status = arguments.get("type"), arguments.get("taskStatus")
    resolved, active = bool(arguments.get("resolved", False)), arguments.get("activeAnnouncement")
    for record in _chosen(context):
        data = record.data
        if data["resolved"] is not resolved or kind not in (None, data["type"]):
            continue
        if status is not None and kind == TASK and data["task"]["status"] != status:
            continue
        if active is not None and kind == ANNOUNCEMENT and _is_active(context, data) is not active:
            continue
        yield record


def _chosen(context: Context) -> Iterable[Record]:
    """The threads about an entity, those of a user, or all."""
    link, user = context.arguments.get("entityLink"), context.arguments.get("userId")
    if link is not None and user is not None:
        raise Problem.of([Violation("query userId", "cannot be given together with entityLink")])
    if link is not None:
        return _about(context, str(link))
    if user is not None:
        return _of_user(context, str(user))
    return _records(context, (id for _, id in context.world.keys(context.resource.name)))


def _about(context: Context, text: str) -> list[Record]:
    """The threads about an entity, or about a part of it."""
    link, entity = threads.entity_of(context, text, "query entityLink")
    found = _records(context, context.world.sources(entity.id, threads.ABOUT))
    return [each for each in found if _path_of(each)[: len(link.path)] == link.path]


def _path_of(record: Record) -> tuple[str, ...]:
    link = parsed(record.data["about"])
    return () if link is None else link.path


def _of_user(context: Context, wanted: str) -> list[Record]:
    """The threads that concern a user in the way that `filterType` says."""
    world = context.world
    user = world.record(wanted.lower())
    if user is None or user.resource != "users":
        raise build.not_found("user", wanted)
    people = {user.id, *world.links(user.id, "teams")}
    ways: Mapping[str, Callable[[], set[str]]] = {
        "OWNER": lambda: _threads_on(context, people, "owners") | _by(context, user),
        "FOLLOWS": lambda: _threads_on(context, {user.id}, "followers"),
        "MENTIONS": lambda: _tied(context, people, threads.MENTIONS) | _tied(context, people, threads.ASSIGNEES),
        "ASSIGNED_TO": lambda: _tied(context, people, threads.ASSIGNEES),
        "ASSIGNED_BY": lambda: _by(context, user),
        "OWNER_OR_FOLLOWS": lambda: (
            _threads_on(context, people, "owners") | _threads_on(context, {user.id}, "followers") | _by(context, user)
        ),
    }
    return list(_records(context, ways[str(context.arguments.get("filterType", "OWNER"))]()))


def _tied(context: Context, people: Iterable[str], relation: str) -> set[str]:
    return {id for person in people for id in context.world.sources(person, relation)}


def _threads_on(context: Context, people: Iterable[str], relation: str) -> set[str]:
    """The threads about what people own or follow."""
    return _tied(context, _tied(context, people, relation), threads.ABOUT)


def _by(context: Context, user: Record) -> set[str]:
    return {each.id for each in _records(context, context.world.sources(user.id, threads.AUTHOR))}


def _records(context: Context, ids: Iterable[str]) -> Iterator[Record]:
    for id in ids:
        record = context.world.record(str(id))
        if record is not None and record.resource == context.resource.name:
            yield record


def _is_active(context: Context, data: Mapping[str, Json]) -> bool:
    window = data["announcement"]
    return bool(window["startTime"] <= context.world.now() <= window["endTime"])


def _one(context: Context) -> Json:
    return threads.shown(context, threads.find(context))


def _posts(context: Context) -> Json:
    posts = [threads.shown_post(context, each) for each in threads.find(context).data["posts"]]
    return {"data": posts, "paging": {"total": len(posts)}}


def _counts(context: Context) -> Json:
    """How many threads of each kind there are."""
    arguments = context.arguments
    kind, status, resolved = arguments.get("type"), arguments.get("taskStatus"), arguments.get("isResolved")
    found = [
        each.data
        for each in _chosen(context)
        if kind in (None, each.data["type"])
        and (resolved is None or each.data["resolved"] is resolved)
        and (status is None or kind != TASK or each.data["task"]["status"] == status)
    ]
    tasks = [each["task"]["status"] for each in found if each["type"] == TASK]
    announced = [_is_active(context, each) for each in found if each["type"] == ANNOUNCEMENT]
    counted = {
        "conversationCount": sum(each["type"] == CONVERSATION for each in found),
        "openTaskCount": tasks.count("Open"),
        "closedTaskCount": tasks.count("Closed"),
        "totalTaskCount": len(tasks),
        "totalAnnouncementCount": len(announced),
        "activeAnnouncementCount": announced.count(True),
        "inactiveAnnouncementCount": announced.count(False),
    }
    link = arguments.get("entityLink")
    return [counted if link is None else {"entityLink": link, **counted}]


WHAT: Mapping[str, Callable[[Context], Json]] = {
    "list": _listed,
    "thread": _one,
    "posts": _posts,
    "counts": _counts,
}
