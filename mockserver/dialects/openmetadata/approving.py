"""Tasks that ask reviewers to approve of a record: opened, given to others, and closed once it was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import creation, deciding, numbering, threads
from mockserver.dialects.openmetadata.matching import THREAD
from mockserver.world.record import Record

Json = Any
KIND, YES, OPEN = "RequestApproval", "approved", "Open"
APPROVAL = "Approval"
CAPITAL = re.compile(r"(?=[A-Z])")


def follow(context: Context, before: Record, after: Record) -> None:
    """Closes the open tasks about a record that was decided on, or is not to be decided on any more."""
    review, resource = context.resource.review, context.resource
    status = None if review is None else after.data.get(review.field)
    if review is None or status == before.data.get(review.field):
        return
    words = CAPITAL.sub(" ", resource.entity).lower()
    if status in review.decisions:
        _close(context, after, f"{status} the {words}")
    elif review.opens is not None and status == review.opens.unready:
        _close(context, after, f"Closed due to {words} going back to DRAFT.")


def ask(context: Context, record: Record, reviewers: Iterable[str]) -> None:
    """Opens a task for these reviewers, unless one is open."""
    review = context.resource.review
    assert review is not None
    assert review.opens is not None
    if any(True for _ in _waiting(context, record)):
        return
    people = [person for id in reviewers if (person := context.world.record(id)) is not None]
    there = _at(context, review.opens.of)
    if there.resource.entity == THREAD:
        _begin_thread(there, record, people, review.opens.type)
        return
    body = {
        "category": APPROVAL,
        "type": review.opens.type,
        "description": f"Approval required for {record.name}",
        "about": context.dialect.reference(context, record),
        "assignees": [person.id for person in people],
    }
    data, links = creation.compose(there, body)
    creation.create(there, data, links)


def give(context: Context, record: Record, reviewers: Iterable[str]) -> None:
    """Gives the open tasks about a record to others."""
    people = [person for id in reviewers if (person := context.world.record(id)) is not None]
    for task in _waiting(context, record):
        there = _at(context, task.resource)
        if there.resource.entity == THREAD:
            threads.store(there, task, task={**task.data["task"], "assignees": _references(there, people)})
            continue
        errand = there.resource.errand
        assert errand is not None
        shown = there.dialect.view(there, task)
        asked = [there.dialect.reference(there, person) for person in people]
        there.dialect.edit(there, task, shown, {errand.asked}, {**shown.members, errand.asked: asked})


def _close(context: Context, record: Record, words: str) -> None:
    for task in list(_waiting(context, record)):
        there = _at(context, task.resource)
        if there.resource.entity == THREAD:
            threads.close(there, task, "taskClosed", words)
        else:
            deciding.closed(there, task, words)


def _begin_thread(there: Context, record: Record, people: list[Record], kind: str) -> None:
    world, author = there.world, there.principal
    link = f"<#E::{there.contract.resources[record.resource].entity}::{record.data['fullyQualifiedName']}>"
    number = numbering.free(world, there.resource, threads.task_name)
    task = {"id": number, "type": kind, "status": OPEN, "assignees": _references(there, people)}
    data = {**threads.begun(world, author.name, link, "Approval required for "), "type": "Task", "task": task}
    thread = threads.put(world, there.resource, data)
    world.link(thread.id, threads.ABOUT, record.id)
    if author.id is not None:
        world.link(thread.id, threads.AUTHOR, author.id)
    threads.tell(there, "threadCreated", thread)


def _references(there: Context, people: Iterable[Record]) -> list[Json]:
    return [{"id": person.id, "type": there.contract.resources[person.resource].entity} for person in people]


def _at(context: Context, resource: str) -> Context:
    return context.about(context.contract.resources[resource])


def _waiting(context: Context, record: Record) -> Iterator[Record]:
    """The tasks about a record that ask for its approval and are open, those of the feed and the others."""
    for id in sorted(context.world.sources(record.id, threads.ABOUT)):
        thread = context.world.record(id)
        task = {} if thread is None else thread.data.get("task") or {}
        if thread is not None and task.get("type") == KIND and task.get("status") == OPEN:
            yield thread
    for resource in context.contract.resources.values():
        errand = resource.errand
        for id in sorted(context.world.sources(record.id, errand.about)) if errand is not None else ():
            task_record = context.world.record(id)
            if task_record is not None and not task_record.deleted and _asks(task_record):
                yield task_record


def _asks(task: Record) -> bool:
    return task.data.get("category") == APPROVAL and task.data["status"] in deciding.OPEN
