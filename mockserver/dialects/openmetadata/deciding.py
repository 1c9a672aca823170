"""How tasks end: what they ask for is done, or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.dialects.openmetadata import applying, build, commenting, doing
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
OPEN = frozenset(("Open", "InProgress", "Pending"))
APPROVALS = frozenset(("GlossaryApproval", "RequestApproval"))
DOES = frozenset(("Approved", "AutoApproved", "Completed"))
REFUSES = frozenset(("Rejected", "AutoRejected"))
STATES = {"AutoApproved": "Approved", "AutoRejected": "Rejected", "TimedOut": "Failed"}
# What the caller must be allowed on the record that a task is about, for what is written into it.
NEEDS = {
    "DescriptionUpdate": "EditDescription",
    "TagUpdate": "EditTags",
    "OwnershipUpdate": "EditOwners",
    "TierUpdate": "EditTier",
    "DomainUpdate": "EditAll",
}
SUGGESTS = {"Description": "EditDescription", "Tag": "EditTags", "Owner": "EditOwners", "Tier": "EditTier"}
LONGEST = 200
SAYS = {"DescriptionUpdate": "description", "TagUpdate": "tags"}


def resolve(context: Context) -> Answer:
    """Ends a task as the body says."""
    record = find(context)
    _permit(context, record)
    body = context.body
    kind = _kind(record, body.get("transitionId"), body.get("resolutionType"))
    return _answer(context, end(context, record, kind, body))


def close(context: Context) -> Answer:
    """Ends a task without doing what it asks for."""
    record = find(context)
    context.dialect.authorize(context, ["CloseTask"], record)
    return _answer(context, closed(context, record, context.arguments.get("comment")))


def apply(context: Context) -> Answer:
    """Does what a suggestion suggests."""
    record = find(context)
    if record.data["type"] != doing.SUGGESTION:
        raise Problem(400, f"Task is not a suggestion task. Type: {record.data['type']}")
    if "payload" not in record.data:
        raise Problem(400, "Task does not have a payload")
    _permit(context, record)
    return _answer(context, end(context, record, "Approved", {}))


def bulk(context: Context) -> Answer:
    """Does one thing with many tasks, each by itself."""
    results = [_attempt(context, wanted) for wanted in context.body["taskIds"]]
    failed = sum("error" in each for each in results)
    counted = {"totalRequested": len(results), "successful": len(results) - failed, "failed": failed}
    return Answer(200, {**counted, "results": results})


def closed(context: Context, record: Record, comment: str | None) -> Record:
    """A task that is closed without having been decided on."""
    return _over(context, record, "Cancelled", {"comment": comment})


def end(context: Context, record: Record, kind: str, body: Mapping[str, Json]) -> Record:
    """A task that is decided on, and what it asks for done if it is approved; who approves must be a reviewer."""
    entity, does = _about(context, record), kind in DOES
    value = body.get("newValue")
    if does and value and value != (record.data.get("payload") or {}).get("suggestedValue"):
        word = SAYS.get(record.data["type"], "value")
        cut = value if len(value) <= LONGEST else f"{value[:LONGEST]}..."
        record = commenting.said(context, record, f"Resolved with {word}: {cut}")
    # A decision closes the tasks that wait for it, so this one is closed before.
    record = _over(context, record, kind, body)
    if entity is None:
        return record
    if record.data["type"] in APPROVALS and kind in DOES | REFUSES:
        applying.decide(context, entity, approves=does)
    elif does:
        doing.do(
            context,
            record.data["type"],
            entity,
            {**(record.data.get("payload") or {}), **(body.get("payload") or {})},
            value,
        )
    return record


def _permit(context: Context, record: Record) -> None:
    """Refuses who may not decide on a task, or not write what it asks for; and a task that is over."""
    context.dialect.authorize(context, ["ResolveTask"], record)
    entity, kind = _about(context, record), record.data["type"]
    needed = NEEDS.get(kind)
    if kind == doing.SUGGESTION:
        needed = SUGGESTS.get(str((record.data.get("payload") or {}).get("suggestionType")), "EditAll")
    if entity is not None and needed is not None:
        context.dialect.authorize(applying.about(context, entity), [needed], entity)
    if record.data["status"] not in OPEN:
        raise Problem(400, f"Task '{record.id}' is already in status '{record.data['status']}'")


def _kind(record: Record, transition: str | None, kind: str | None) -> str:
    """How a task ends: as it is said, or as the transition has it."""
    if transition is None:
        return kind or "Approved"
    found = next((each for each in record.data["availableTransitions"] if each["id"] == transition), None)
    if found is None:
        raise Problem(409, f"Workflow resolution failed for task '{record.id}' on transition '{transition}'")
    return kind or str(found["resolutionType"])


def _over(context: Context, record: Record, kind: str, body: Mapping[str, Json]) -> Record:
    """A task that is over; it makes no version."""
    world, caller = context.world, context.principal
    told = {key: body[key] for key in ("newValue", "comment", "payload") if body.get(key) is not None}
    by = {} if caller.id is None else {"resolvedBy": {"id": caller.id, "type": "user"}}
    state = STATES.get(kind, kind)
    changes: dict[str, Json] = {
        "status": state,
        "resolution": {"type": kind, **by, "resolvedAt": world.now(), **told},
        "updatedAt": world.now(),
        "updatedBy": caller.name,
        "availableTransitions": [],
    }
    taken = next((each for each in record.data["availableTransitions"] if each["targetTaskStatus"] == state), None)
    if taken is not None:
        changes.update(workflowStageId=taken["targetStageId"], workflowStageDisplayName=state)
    if state == "Approved" and caller.id is not None:
        changes.update(approvedById=caller.id, approvedAt=world.now())
        world.set_links(record.id, "approvedBy", {caller.id: None})
    record = record.with_data(**changes)
    world.replace(record)
    return record


def _about(context: Context, record: Record) -> Record | None:
    """The living record that a task is about."""
    errand = context.contract.resources[record.resource].errand
    assert errand is not None
    links = context.world.links(record.id, errand.about)
    found = context.world.record(next(iter(links))) if links else None
    return None if found is None or found.deleted else found


def _attempt(context: Context, wanted: str) -> dict[str, Json]:
    """What became of one of many; what a refused one wrote is undone."""
    mark = context.world.mark()
    try:
        _one(context, wanted)
    except Problem as problem:
        context.world.back_to(mark)
        return {"taskId": wanted, "status": "failed", "error": problem.message}
    return {"taskId": wanted, "status": "success"}


def _one(context: Context, wanted: str) -> None:
    if not wanted.strip():
        raise Problem(400, "Task ID must not be empty")
    world, name = context.world, context.resource.name
    record = world.record(wanted.lower()) if build.is_uuid(wanted) else world.find(name, wanted)
    if record is None or record.resource != name or record.deleted:
        raise build.not_found(context.resource.entity, wanted)
    given = context.body.get("params") or {}
    does, comment = context.body["operation"], given.get("comment")
    if does == "Cancel":
        context.dialect.authorize(context, ["CloseTask"], record)
        closed(context, record, comment)
    elif does in ("Approve", "Reject"):
        _permit(context, record)
        end(context, record, "Approved" if does == "Approve" else "Rejected", {"comment": comment})
    elif does == "Assign":
        if not given.get("assignees"):
            raise Problem(400, "Assignees required for Assign operation")
        people = [context.dialect.reference(context, _person(context, each)) for each in given["assignees"]]
        _reassign(context, record, "reassignTask", "assignees", people)
    else:
        if given.get("priority") is None:
            raise Problem(400, "Priority required for UpdatePriority operation")
        _reassign(context, record, "changeTaskPriority", "priority", given["priority"])


def _reassign(context: Context, record: Record, does: str, field: str, value: Json) -> None:
    """Changes what only who may reassign a task may change; it makes a version."""
    try:
        context.dialect.authorize(context, ["ReassignTask"], record)
    except Problem:
        name = context.principal.name
        raise Problem(403, f"Principal: CatalogPrincipal{{name='{name}'}} operations {does} not allowed") from None
    shown = context.dialect.view(context, record)
    context.dialect.edit(context, record, shown, {field}, {**shown.members, field: value}, folds=False)


def _person(context: Context, name: str) -> Record:
    """The living user or team of that name."""
    for resource in ("users", "teams"):
        found = context.world.find(resource, name)
        if found is not None and not found.deleted:
            return found
    raise build.not_found("team", name)


def _answer(context: Context, record: Record) -> Answer:
    return Answer(200, context.dialect.view(context, record))
