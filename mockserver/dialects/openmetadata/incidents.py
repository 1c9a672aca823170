"""What is answered about incidents: what became of them, over all records or of one, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.jsonpatch import apply
from mockserver.contract.quality import Incidents
from mockserver.dialects.openmetadata.incidentsteps import KIND, STATE, told
from mockserver.dialects.openmetadata.incidentsteps import report as next_step
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
SEVERITY = "severity"


class Step(NamedTuple):
    """Something that became of a record's incident."""

    record: Record
    point: dict[str, Json]


def answer(context: Context) -> Answer:
    """What there is to tell or to change, by the word that the contract has for it."""
    return ANSWERS[context.operation.settings["what"]](context)


def _steps_page(context: Context) -> Answer:
    """A page of what became of incidents, newest first; with `latest` only the last of each incident."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    arguments = context.arguments
    found = sorted(_steps(context), key=lambda step: (-int(step.point["timestamp"]), str(step.point["id"])))
    if arguments.get("latest"):
        last: dict[str, Step] = {}
        for step in found:
            last.setdefault(step.point[STATE], step)
        found = list(last.values())
    found = [step for step in found if _is_wanted(context, step)]
    limit, offset = int(arguments.get("limit", 10)), int(arguments.get("offset") or 0)
    paging: dict[str, Json] = {"total": len(found)}
    if limit and offset:
        paging["before"] = str(max(offset - limit, 0))
    if limit and offset + limit < len(found):
        paging["after"] = str(offset + limit)
    return Answer(200, {"data": [_shown(context, step) for step in found[offset : offset + limit]], "paging": paging})


def _story(context: Context) -> Answer:
    """All that became of one incident, newest first; nothing of one that never was."""
    state = str(context.arguments[STATE]).lower()
    holder = _holder(context, state)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], holder)
    points = () if holder is None else context.world.links(holder.id, _declared(context).told).values()
    found = sorted((each for each in points if each[STATE] == state), key=lambda each: -int(each["timestamp"]))
    data = [_shown(context, Step(holder, each)) for each in found] if holder is not None else []
    return Answer(200, {"data": data, "paging": {"total": len(data)}})


def _step(context: Context) -> Answer:
    """One thing that became of an incident."""
    found = _find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], found.record)
    return Answer(200, _shown(context, found))


def _report(context: Context) -> Answer:
    """The next step of a record's incident."""
    wanted = str(context.body["testCaseReference"])
    record = context.world.find(context.resource.name, wanted)
    if record is None or record.deleted:
        raise context.dialect.missing(context.resource, wanted)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    point = next_step(context, record, context.body)
    return Answer(200, _shown(context, Step(record, point)))


def _amend(context: Context) -> Answer:
    """Edits a step that was told: how bad it is, and nothing else."""
    found = _find(context)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], found.record)
    shown = _shown(context, found)
    edited = apply(context.body, dict(shown))
    severity = edited.get(SEVERITY) if isinstance(edited, dict) else None
    free = {SEVERITY, "updatedAt", "updatedBy"}
    for field in sorted((shown.keys() | edited.keys()) - free) if isinstance(edited, dict) else ("",):
        if not isinstance(edited, dict) or edited.get(field) != shown.get(field):
            raise Problem(400, f"Field {field} is not allowed to be updated")
    known = context.contract.parts["components"]["schemas"]["Severities"]["enum"]
    if severity is not None and severity not in known:
        raise Problem(400, f"severity is {severity!r}, not one of {', '.join(known)}")
    kept = {key: value for key, value in found.point.items() if key != SEVERITY}
    point = {**kept, "updatedAt": context.world.now(), "updatedBy": context.principal.id}
    if severity is not None:
        point[SEVERITY] = severity
    context.world.link(found.record.id, _declared(context).told, str(point["id"]), point)
    return Answer(200, _shown(context, Step(found.record, point)), context.dialect.headers("entityUpdated"))


def _declared(context: Context) -> Incidents:
    declared = context.resource.quality.incidents
    assert declared is not None
    return declared


def _holder(context: Context, id: str) -> Record | None:
    """The record of whose incident this is a step; that of the first step is the incident's id, too."""
    for source in context.world.sources(id, _declared(context).told):
        found = context.world.record(source)
        if found is not None and found.resource == context.resource.name:
            return found
    return None


def _find(context: Context) -> Step:
    wanted = str(context.arguments["id"])
    holder = _holder(context, wanted.lower())
    if holder is None:
        raise Problem(404, f"Entity with id {wanted} not found")
    return Step(holder, context.world.links(holder.id, _declared(context).told)[wanted.lower()])


def _steps(context: Context) -> Iterator[Step]:
    """What became of the incidents of all records, or of the one that was asked for."""
    arguments, world, series = context.arguments, context.world, _declared(context).told
    include, name = str(arguments.get("include", "non-deleted")), arguments.get("testCaseFQN")
    if name is not None:
        one = world.find(context.resource.name, str(name))
        records = [] if one is None else [one]
    elif "testCaseId" in arguments:
        one = world.record(str(arguments["testCaseId"]).lower())
        records = [] if one is None or one.resource != context.resource.name else [one]
    else:
        keys = world.all_keys(context.resource.name) if include != "non-deleted" else world.keys(context.resource.name)
        records = [record for _, id in keys if (record := world.record(str(id))) is not None]
    for record in records:
        if include == "all" or record.deleted == (include == "deleted"):
            yield from (Step(record, point) for point in world.links(record.id, series).values())


def _is_wanted(context: Context, step: Step) -> bool:
    arguments, point, about = context.arguments, step.point, context.resource.quality.about
    if "testCaseResolutionStatusType" in arguments and point[KIND] != arguments[KIND]:
        return False
    if not arguments.get("startTs", 0) <= point["timestamp"] <= arguments.get("endTs", point["timestamp"]):
        return False
    origin = arguments.get("originEntityFQN")
    if origin is not None and about is not None:
        name = str(step.record.data.get(about.named))
        if name != origin and not name.startswith(f"{origin}."):
            return False
    assignee = arguments.get("assignee")
    if assignee is None:
        return True
    found = context.world.record(str(point.get("testCaseResolutionStatusDetails", {}).get("assignee")))
    return found is not None and assignee in (found.id, found.name, found.data["fullyQualifiedName"])


def _shown(context: Context, step: Step) -> Json:
    return told(context.world, step.record, step.point, partial(context.dialect.reference, context))


ANSWERS: Mapping[str, Callable[[Context], Answer]] = {
    "steps": _steps_page,
    "story": _story,
    "step": _step,
    "report": _report,
    "amend": _amend,
}
