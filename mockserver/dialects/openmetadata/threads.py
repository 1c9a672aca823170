"""A thread of the activity feed: how it is stored, found, shown, and told as an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import EntityLink, parsed
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata import build, notifying
from mockserver.dialects.openmetadata.history import event_body
from mockserver.dialects.openmetadata.matching import THREAD
from mockserver.dialects.openmetadata.mentions import mentioned
from mockserver.dialects.openmetadata.view import reference, view
from mockserver.exchange import Problem, Violation
from mockserver.world.events import Event
from mockserver.world.record import Data, Record
from mockserver.world.shown import Part, Shown
from mockserver.world.transaction import Transaction

Json = Any
ABOUT, AUTHOR, MENTIONS, ASSIGNEES = "entityRef", "author", "mentioned", "assigned"
PEOPLE = {"user": "users", "team": "teams"}


def find(context: Context) -> Record:
    """The thread that the path names, by its id or by the number of its task."""
    arguments, resource = context.arguments, context.resource
    if "taskId" in arguments:
        wanted = str(arguments["taskId"])
        record = context.world.find(resource.name, task_name(int(wanted)))
        if record is None:
            raise build.not_found("Task", wanted)
        return record
    wanted = str(arguments["id"])
    record = context.world.record(wanted.lower())
    if record is None or record.resource != resource.name:
        raise build.not_found("Thread", wanted)
    return record


def post_in(context: Context, record: Record) -> tuple[int, dict[str, Json]]:
    """The post that the path names, and its place in the thread."""
    wanted = str(context.arguments["postId"])
    for at, post in enumerate(record.data["posts"]):
        if post["id"] == wanted.lower():
            return at, post
    raise build.not_found("Post", wanted)


def task_name(number: int) -> str:
    return f"task-{number}"


def unique_name(record: Record) -> str:
    """What no other thread is called: a task by its number."""
    return task_name(record.data["task"]["id"]) if "task" in record.data else record.id


def entity_of(context: Context, text: str, where: str, relation: str = ABOUT) -> tuple[EntityLink, Record]:
    """The living entity that a link means, and that such a relation may lead to."""
    link = parsed(text)
    if link is None:
        raise Problem.of([Violation(where, "must be an entity link such as <#E::table::service.db.schema.name>")])
    resource = context.contract.by_entity.get(link.kind)
    if resource is None:
        raise Problem(404, f"Entity type {link.kind} not found", violations=(Violation(where, link.kind),))
    record = context.world.find(resource.name, link.name)
    if record is None or record.deleted:
        raise build.not_found(link.kind, link.name)
    if resource.name not in context.resource.relations[relation].to:
        raise Problem.of([Violation(where, f"nothing can be said about a {link.kind}")])
    return link, record


def begun(world: Transaction, author: str, link: str, message: str) -> Data:
    """A new thread as it is stored: what somebody says about what a link means."""
    now = world.now()
    return {
        "id": world.new_id(),
        "type": "Conversation",
        "threadTs": now,
        "about": link,
        "generatedBy": "user",
        "createdBy": author,
        "updatedAt": now,
        "updatedBy": author,
        "resolved": False,
        "message": message,
        "postsCount": 0,
        "posts": [],
        "reactions": [],
    }


def put(world: Transaction, resource: Resource, data: Data) -> Record:
    """Stores a thread, and ties it to those who are mentioned in it and assigned to its task."""
    record = Record(resource.name, str(data["id"]), {**data, "postsCount": len(data["posts"])})
    world.put(record, unique_name(record))
    named = (world.find(PEOPLE[kind], name) for kind, name in sorted(mentioned(data)))
    people = {each.id: None for each in named if each is not None}
    world.set_links(record.id, MENTIONS, people)
    assigned = (data.get("task") or {}).get("assignees", ())
    world.set_links(record.id, ASSIGNEES, {each["id"]: None for each in assigned})
    return record


def about(context: Context, record: Record) -> Record | None:
    """The entity that a thread is about, while it is there."""
    ids = context.world.links(record.id, ABOUT)
    return context.world.record(next(iter(ids))) if ids else None


def shown(context: Context, record: Record, posts: int | None = None) -> Shown:
    """The thread as it is answered, with its latest posts only where that is asked for."""
    members = view(context.world, context.contract, record, context.home).members
    link, entity = parsed(record.data["about"]), about(context, record)
    if link is not None and entity is not None:
        members["about"] = str(EntityLink(link.kind, entity.data["fullyQualifiedName"], link.path))
    members["reactions"] = _reactions(context, members["reactions"])
    kept = members["posts"] if posts is None else members["posts"][len(members["posts"]) - posts :] if posts else []
    members["posts"] = [shown_post(context, each) for each in kept]
    if "task" in members:
        task = members["task"]
        members["task"] = {**task, "assignees": [_person(context, each) for each in task["assignees"]]}
    return Shown(Part(members))


def shown_post(context: Context, post: Mapping[str, Json]) -> dict[str, Json]:
    return {**post, "reactions": _reactions(context, post["reactions"])}


def _reactions(context: Context, reactions: Iterable[Mapping[str, Json]]) -> list[Json]:
    return [{**each, "user": _person(context, each["user"])} for each in reactions]


def _person(context: Context, told: Mapping[str, Json]) -> Json:
    record = context.world.record(str(told["id"]))
    return told if record is None else reference(context.contract, record, context.home)


def people(context: Context, told: Iterable[Mapping[str, Json]], where: str) -> list[Json]:
    """References to users and teams as they are stored; 404 for one that is not there."""
    found = []
    for at, each in enumerate(told):
        kind = str(each.get("type"))
        if kind not in PEOPLE:
            raise Problem.of([Violation(f"{where}/{at}/type", "must be user or team")])
        record = context.world.record(str(each["id"]).lower())
        if record is None or record.deleted or record.resource != PEOPLE[kind]:
            raise build.not_found(kind, str(each["id"]))
        found.append({"id": record.id, "type": kind})
    return found


def tell(context: Context, kind: str, record: Record) -> None:
    """Tells what was said as an event, and has the alerts that there are told of it."""
    world = context.world
    entity = about(context, record)
    body: Data = {"currentVersion": 0.1, "previousVersion": 0.1}
    if entity is not None:
        body["entityFullyQualifiedName"] = entity.data["fullyQualifiedName"]
    event = Event(
        world.events.next,
        world.new_id(),
        kind,
        THREAD,
        record.id,
        world.now(),
        context.principal.name,
        body,
        shown(context, record),
    )
    world.tell(event)
    notifying.notify(world, context.contract, event, None, lambda: {**event_body(event), "entity": event.text})


def new_post(context: Context, message: str) -> dict[str, Json]:
    """A post by the caller, in no thread yet."""
    world = context.world
    return {
        "id": world.new_id(),
        "message": message,
        "postTs": world.now(),
        "from": context.principal.name,
        "reactions": [],
    }


def store(context: Context, record: Record, **changes: Json) -> Record:
    """Stores a changed thread, as changed by the caller now."""
    marks = {"updatedAt": context.world.now(), "updatedBy": context.principal.name}
    return put(context.world, context.resource, {**record.data, **changes, **marks})


def close(context: Context, record: Record, kind: str, comment: str, **more: Json) -> Record:
    """Closes a task with a comment by the caller, and tells of it."""
    closed = {"status": "Closed", "closedBy": context.principal.name, "closedAt": context.world.now()}
    posts = [*record.data["posts"], new_post(context, comment)]
    record = store(context, record, task={**record.data["task"], **closed, **more}, posts=posts)
    tell(context, kind, record)
    return record
