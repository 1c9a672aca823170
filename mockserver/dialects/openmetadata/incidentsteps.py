"""What becomes of tests that fail: an incident is opened, acknowledged, assigned and resolved, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.contract.model import Resource
from mockserver.exchange import Problem, Violation
from mockserver.world.recall import Reader
from mockserver.world.record import Record

Json = Any
Point = dict[str, Json]
KIND, STATE, DETAILS = "testCaseResolutionStatusType", "stateId", "testCaseResolutionStatusDetails"
# What is to be known of a status, besides that it is one.
NEEDED = {"Assigned": ("assignee",), "Resolved": ("testCaseFailureReason", "testCaseFailureComment")}


def arrived(context: Context, record: Record, series: str, point: Point) -> Point:
    """A result as it is kept: one that went wrong with the incident that it opens or belongs to."""
    declared = context.resource.quality.incidents
    if declared is None or series != declared.opened:
        return point
    kept = {key: value for key, value in point.items() if key != declared.mark}
    before = newest(context.world.links(record.id, series).values())
    if before is not None and point["timestamp"] < before["timestamp"]:
        # What is told of an earlier time changes nothing of how the record is now.
        return kept
    last = ongoing(context.world, context.resource, record)
    if point.get(declared.status) == declared.good and declared.found in record.data:
        left = {key: value for key, value in record.data.items() if key != declared.found}
        context.world.replace(Record(record.resource, record.id, left))
    if point.get(declared.status) == declared.bad:
        kept[declared.mark] = (last or report(context, record, {KIND: "New"}))[STATE]
    elif point.get(declared.status) == declared.good and last is not None and record.data.get("autoCloseIncident"):
        reason = {"testCaseFailureReason": "Other", "testCaseFailureComment": "AutoResolved"}
        report(context, record, {KIND: "Resolved", DETAILS: reason})
    return kept


def tested(context: Context, record: Record) -> Record:
    """What a failing test is of; refused when it does not fail."""
    quality = context.contract.resources[record.resource].quality
    assert quality.incidents is not None
    assert quality.about is not None
    last = newest(context.world.links(record.id, quality.incidents.opened).values())
    if last is None or last.get(quality.incidents.status) != quality.incidents.bad:
        raise Problem(400, "Failed rows can only be added to a failed test case.")
    (id,) = context.world.links(record.id, quality.about.relation)
    return context.world.records[id]


def newest(points: Iterable[Point]) -> Point | None:
    return max(points, key=lambda point: int(point["timestamp"]), default=None)


def ongoing(world: Reader, resource: Resource, record: Record) -> Point | None:
    """The last that became of a record's incident, while this is open."""
    assert resource.quality.incidents is not None
    last = newest(world.links(record.id, resource.quality.incidents.told).values())
    return None if last is None or last[KIND] == "Resolved" else last


def report(context: Context, record: Record, given: Mapping[str, Json]) -> Point:
    """Keeps the next step of a record's incident, the first one of a new incident where none is open."""
    world, declared = context.world, context.resource.quality.incidents
    assert declared is not None
    points = world.links(record.id, declared.told).values()
    last, going = newest(points), ongoing(world, context.resource, record)
    if given[KIND] == "New" and going is not None:
        return going
    id, moment = world.new_id(), world.now()
    if last is not None:
        moment = max(moment, int(last["timestamp"]) + 1)
    # A step after the end opens the incident again, but for a new failure.
    before = going or (last if given[KIND] != "New" else None)
    point: Point = {"id": id, STATE: id if before is None else before[STATE], "timestamp": moment, KIND: given[KIND]}
    severity = given.get("severity") or (before or {}).get("severity")
    if severity is not None:
        point["severity"] = severity
    details = _details(context, given)
    if details:
        point[DETAILS] = details
    if metrics := _metrics(points, last, point):
        point["metrics"] = metrics
    point.update(updatedAt=moment, updatedBy=context.principal.id)
    world.link(record.id, declared.told, id, point)
    return point


def _details(context: Context, given: Mapping[str, Json]) -> Json:
    """What a step tells besides its status: to whom it is assigned, or why it is over, and by whom."""
    kind, details = given[KIND], given.get(DETAILS) or {}
    for name in NEEDED.get(kind, ()):
        if not details.get(name):
            message = f"'{name}' is needed where the status is {kind}"
            raise Problem.of([Violation(f"body /{DETAILS}/{name}", message)])
    if kind == "Assigned":
        return {"assignee": _user(context, details["assignee"]).id}
    if kind == "Resolved":
        return {**{name: details[name] for name in NEEDED[kind]}, "resolvedBy": context.principal.id}
    return None


def _user(context: Context, wanted: Mapping[str, Json]) -> Record:
    """Who is meant: a user, unless the reference says that it is to somebody else."""
    world, name = context.world, str(wanted.get("id") or wanted.get("fullyQualifiedName") or wanted.get("name"))
    resource = context.contract.by_entity.get(str(wanted.get("type", "user"))) or context.contract.by_entity["user"]
    found = world.record(name.lower()) or world.find(resource.name, name)
    if found is None or found.resource != resource.name or found.deleted:
        raise context.dialect.missing(resource, name)
    return found


def _metrics(points: Iterable[Point], last: Point | None, point: Point) -> list[Json]:
    """How long it took until somebody looked at it, and until it was over, in milliseconds."""
    found = []
    if last is not None and last[KIND] == "New" and point[KIND] != "Resolved":
        found.append({"name": "timeToResponse", "value": float(point["timestamp"] - last["timestamp"])})
    if point[KIND] == "Resolved":
        first = min((int(each["timestamp"]) for each in points if each[STATE] == point[STATE]), default=None)
        if first is not None:
            found.append({"name": "timeToResolution", "value": float(point["timestamp"] - first)})
    return found


def told(world: Reader, record: Record, point: Point, refer: Callable[[Record], Json]) -> Point:
    """A step as it is answered, with references to those in it who are there."""
    shown = {**point, "testCaseReference": refer(record)}
    details = dict(point.get(DETAILS, {}))
    for holder, name in ((shown, "updatedBy"), (details, "assignee"), (details, "resolvedBy")):
        if name in holder:
            found = world.record(str(holder.pop(name)))
            if found is not None:
                holder[name] = refer(found)
    if details.keys() & {"assignee", "testCaseFailureReason"}:
        shown[DETAILS] = details
    else:
        shown.pop(DETAILS, None)
    return shown
