"""What became of what alerts had to tell, as the product shows it; and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import alerts, notifying, secrets
from mockserver.dialects.openmetadata.catalogue import FUNCTIONS, sources
from mockserver.dialects.openmetadata.view import view
from mockserver.exchange import Problem
from mockserver.world.outbox import CANCELLED, DELIVERED, FAILED, OPEN, RECORDED, REFUSED, WAITING, Delivery
from mockserver.world.record import Record

Json = Any
ENDED_WELL, ENDED_BADLY = (DELIVERED, RECORDED), (FAILED, REFUSED)


def told(context: Context, record: Record | None) -> Json:
    return TOLD[context.operation.settings["what"]](context, record)


def tell(context: Context, record: Record | None) -> Json:
    return TELL[context.operation.settings["what"]](context, record)


def _deliveries(context: Context, record: Record | None) -> list[Delivery]:
    """Those of an alert, or of all."""
    listed = context.world.outbox.listed()
    return [each for each in listed if record is None or each.subscription == record.id]


def _status(context: Context, record: Record) -> Json:
    wanted = context.arguments.get("destinationId")
    told = {each["id"]: _status_of(context, record, each) for each in record.data.get("destinations", ())}
    if wanted is not None:
        if str(wanted).lower() not in told:
            raise Problem(404, f"{context.resource.entity} {record.name} has no destination {wanted}")
        return told[str(wanted).lower()]
    troubled = (each for each in told.values() if each["status"] not in ("active", "disabled"))
    return next(troubled, None) or next(iter(told.values()), None) or _usual(record)


def _usual(record: Record, destination: Mapping[str, Json] | None = None) -> dict[str, Json]:
    enabled = record.data.get("enabled", True) and (destination or {}).get("enabled", True)
    return {"status": "active" if enabled else "disabled", "timestamp": record.data["updatedAt"]}


def _status_of(context: Context, record: Record, destination: Mapping[str, Json]) -> dict[str, Json]:
    """How telling goes for a destination: as the last delivery has it that came to something."""
    status = _usual(record, destination)
    for delivery in _deliveries(context, record):
        if delivery.destination != destination["id"]:
            continue
        for attempt in delivery.attempts:
            status["timestamp"] = attempt.at
            if attempt.reason is None:
                status["lastSuccessfulAt"] = attempt.at
            else:
                status.update(lastFailedAt=attempt.at, lastFailedReason=attempt.reason)
                status.pop("lastFailedStatusCode", None)
                if attempt.status is not None:
                    status["lastFailedStatusCode"] = attempt.status
        if status["status"] == "disabled":
            continue
        status.pop("nextAttempt", None)
        if delivery.state in OPEN and delivery.attempts:
            status.update(status="awaitingRetry", nextAttempt=delivery.due)
            break
        if delivery.state == FAILED:
            gave_up = len(delivery.attempts) > delivery.retries
            status["status"] = "retryLimitReached" if gave_up else "failed"
        elif delivery.state == REFUSED:
            status.update(status="failed", lastFailedAt=delivery.timestamp, lastFailedReason=delivery.reason)
        elif delivery.state == DELIVERED:
            status["status"] = "active"
    return status


def _destinations(context: Context, record: Record) -> Json:
    shown = secrets.masked(context.resource.secrets, record.data).get("destinations", [])
    return [{**each, "statusDetails": _status_of(context, record, each)} for each in shown]


def _outcomes(context: Context, record: Record | None) -> dict[str, list[Delivery]]:
    """Events by what became of them: that of their worst delivery, which is given."""
    ranks: dict[str, tuple[int, Delivery]] = {}
    for delivery in _deliveries(context, record):
        if delivery.state == CANCELLED:
            continue
        rank = 2 if delivery.state in OPEN else 1 if delivery.state in ENDED_BADLY else 0
        key = f"{delivery.subscription} {delivery.event}"
        if key not in ranks or rank > ranks[key][0]:
            ranks[key] = (rank, delivery)
    names = ("successful", "failed", "unprocessed")
    return {name: [each for found, each in ranks.values() if found == rank] for rank, name in enumerate(names)}


def _record(context: Context, record: Record) -> Json:
    found = _outcomes(context, record)
    return {
        "totalEventsCount": sum(map(len, found.values())),
        "pendingEventsCount": len(found["unprocessed"]),
        "successfulEventsCount": len(found["successful"]),
        "failedEventsCount": len(found["failed"]),
    }


def _diagnosis(context: Context, record: Record) -> Json:
    found, events = _outcomes(context, record), context.world.events
    waiting = found["unprocessed"]
    told = {
        "latestOffset": events.next,
        "currentOffset": events.next - len(waiting),
        "startingOffset": events.first,
        "hasProcessedAllEvents": not waiting,
        "successfulEventsCount": len(found["successful"]),
        "failedEventsCount": len(found["failed"]),
        "relevantUnprocessedEventsCount": len(waiting),
        "totalUnprocessedEventsCount": len(waiting),
    }
    if context.arguments.get("listCountOnly"):
        return told
    page = [_event(each) for each in _page(context, waiting)]
    return {**told, "relevantUnprocessedEventsList": page, "totalUnprocessedEventsList": page}


def _event(delivery: Delivery) -> Json:
    return orjson.loads(delivery.body)


def _page(context: Context, found: list[Delivery]) -> list[Delivery]:
    start = int(context.arguments.get("paginationOffset", 0))
    return list(islice(found, start, start + int(context.arguments.get("limit", 15))))


def _failed_event(delivery: Delivery) -> Json:
    return {
        "failingSubscriptionId": delivery.destination,
        "changeEvent": _event(delivery),
        "reason": delivery.reason or "",
        "source": "PUBLISHER" if delivery.state == REFUSED else "SUBSCRIBER",
        "timestamp": delivery.attempts[-1].at if delivery.attempts else delivery.timestamp,
    }


def _failed(context: Context, record: Record | None) -> Json:
    wanted = context.arguments.get("source")
    ended = [each for each in _deliveries(context, record) if each.state in ENDED_BADLY and each.subscription]
    found = [each for each in reversed(ended) if wanted in (None, _failed_event(each)["source"])]
    return [_failed_event(each) for each in _page(context, found)]


def _sent(context: Context, record: Record) -> Json:
    return [_event(each) for each in _page(context, _outcomes(context, record)["successful"][::-1])]


def _listed(context: Context, record: Record) -> Json:
    wanted = context.arguments.get("status")
    outcomes = _outcomes(context, record)
    named = {each.id: name for name, found in outcomes.items() for each in found}
    chosen = [each for name, found in outcomes.items() if wanted in (None, name) for each in found]
    chosen.sort(key=lambda each: each.number)
    data = [
        {
            "status": named[each.id],
            "data": [_failed_event(each) if named[each.id] == "failed" else _event(each)],
            "timestamp": each.timestamp,
        }
        for each in _page(context, chosen)
    ]
    return {"data": data, "paging": {"total": len(chosen)}}


def _processed(context: Context, record: Record) -> Json:
    return not _outcomes(context, record)["unprocessed"]


def _sources(context: Context, record: None) -> Json:
    found = sources(context.contract, str(context.arguments["alertType"]).capitalize())
    return {"data": [each.describe() for each in found.values()], "paging": {"total": len(found)}}


def _functions(context: Context, record: None) -> Json:
    told = [
        {"name": name, "input": LISTS[lists], "examples": [f"{name}({', '.join(['{…}'] * lists)})"]}
        for name, lists in FUNCTIONS.items()
    ]
    return {"data": told, "paging": {"total": len(told)}}


LISTS = ("nothing", "a list of texts", "two lists of texts")


def _sync(context: Context, record: Record) -> Json:
    world = context.world
    for delivery in list(world.outbox.waiting()):
        if delivery.subscription == record.id and delivery.state == WAITING:
            world.amend(delivery.ended(CANCELLED, "the alert goes on with what happened later"))
    return {"startingOffset": world.events.first, "currentOffset": world.events.next, "timestamp": world.now()}


def _trigger(context: Context, record: Record) -> Json:
    world = context.world
    for delivery in list(world.outbox.waiting()):
        if delivery.subscription == record.id and delivery.state == WAITING:
            world.amend(delivery._replace(due=min(delivery.due, world.now())))
    return view(world, context.contract, record, context.home)


def _test(context: Context, record: None) -> Json:
    tested = alerts.identified(context, context.body["destinations"])
    for destination in tested:
        notifying.test(context.world, destination)
    return secrets.masked(context.resource.secrets, {"destinations": tested})["destinations"]


TOLD: Mapping[str, Callable[..., Json]] = {
    "status": _status,
    "destinations": _destinations,
    "record": _record,
    "diagnosis": _diagnosis,
    "failed": _failed,
    "sent": _sent,
    "listed": _listed,
    "processed": _processed,
    "sources": _sources,
    "functions": _functions,
}
TELL: Mapping[str, Callable[..., Json]] = {"sync": _sync, "trigger": _trigger, "test": _test}
