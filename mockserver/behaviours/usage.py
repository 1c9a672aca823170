"""The verbs on how often records are used: counts by day, what they come to, and how records compare."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living, related
from mockserver.behaviours.series import newest_first
from mockserver.contract.manners import Series
from mockserver.contract.model import Resource
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
# What a count of days is summed up over.
SPANS = (("dailyStats", 1), ("weeklyStats", 7), ("monthlyStats", 30))
LONGEST = 30


def report(context: Context) -> Answer:
    """Counts the uses of a day, for what contains the record as well: POST says how many, PUT how many more."""
    resource, series, record = _owner(context)
    context.dialect.authorize(context, [context.operation.permission or "EditUsage"], record)
    body = context.body
    before = _summary(context, record, series)
    adds = context.operation.method == "PUT"
    _count(context, record, series, str(body["date"]), int(body["count"]), adds=adds)
    for relation in series.passes:
        for above in related(context.world, context.contract, record, resource.relations[relation]):
            _count(context, above, series, str(body["date"]), int(body["count"]), adds=True)
    event = context.dialect.noted(context, record, next(iter(series.shown)), before, _summary(context, record, series))
    return Answer(201, event, context.dialect.headers("entityFieldsChanged"))


def usages(context: Context) -> Answer:
    """The usage of a record on the days up to one."""
    _, series, record = _owner(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewUsage"], record)
    today = datetime.fromtimestamp(context.world.now() / 1000, UTC).date()
    last = _day(context.arguments["date"]) if "date" in context.arguments else today
    first = max(last.toordinal() - int(context.arguments.get("days", 1)) + 1, 1)
    found = [
        point
        for point in newest_first(context.world, record.id, series)
        if first <= _day(point[series.at]).toordinal() <= last.toordinal()
    ]
    return Answer(200, {"entity": context.dialect.reference(context, record), "usage": found})


def rank(context: Context) -> Answer:
    """Works out for a day, for each span, how much of its kind a record is used more than."""
    resource, series = _kind(context)
    context.dialect.authorize(context, [context.operation.permission or "EditUsage"])
    day = str(context.arguments["date"])
    world = context.world
    counted = [
        (record, point)
        for record in list(living(world, resource.name))
        if (point := world.links(record.id, series.name).get(day)) is not None
    ]
    ranks = {name: _ranks([point[name]["count"] for _, point in counted]) for name, _ in SPANS}
    for at, (record, point) in enumerate(counted):
        told = {name: {**point[name], "percentileRank": ranks[name][at]} for name, _ in SPANS}
        world.link(record.id, series.name, day, {**point, **told})
    return Answer(201, b"")


def _ranks(counts: list[int]) -> list[float]:
    """For each count the share, in per cent, of the others that are less."""
    if len(counts) < 2:
        return [0.0] * len(counts)
    below = {count: at for at, count in reversed(list(enumerate(sorted(counts))))}
    return [round(100 * below[count] / (len(counts) - 1), 2) for count in counts]


def _owner(context: Context) -> tuple[Resource, Series, Record]:
    resource, series = _kind(context)
    arguments = context.arguments
    wanted = str(arguments["id"] if "id" in arguments else arguments["fqn"])
    found = context.world.record(wanted.lower()) if "id" in arguments else context.world.find(resource.name, wanted)
    if found is None or found.resource != resource.name or found.deleted:
        raise context.dialect.missing(resource, wanted)
    return resource, series, found


def _kind(context: Context) -> tuple[Resource, Series]:
    kind = str(context.arguments["entity"])
    resource = context.contract.by_entity.get(kind)
    name = str(context.operation.settings["series"][0])
    if resource is None or name not in resource.series:
        known = ", ".join(sorted(each.entity for each in context.contract.resources.values() if name in each.series))
        message = f"Entity type {kind} not supported; usage is counted of {known}"
        raise Problem(400, message, violations=(Violation("path entity", message),))
    return resource, resource.series[name]


def _count(context: Context, record: Record, series: Series, day: str, count: int, *, adds: bool) -> None:
    world = context.world
    there = world.links(record.id, series.name)
    counts = {at: int(point["dailyStats"]["count"]) for at, point in there.items()}
    counts[day] = count + (counts.get(day, 0) if adds else 0)
    for at in _from(counts, day):
        ranks = {name: there.get(at, {}).get(name, {}).get("percentileRank", 0.0) for name, _ in SPANS}
        stats = {name: {"count": _sum(counts, at, span), "percentileRank": ranks[name]} for name, span in SPANS}
        world.link(record.id, series.name, at, {series.at: at, **stats})


def _from(counts: Iterable[str], day: str) -> list[str]:
    """A day, and those after it whose sums it is in."""
    first = _day(day).toordinal()
    return sorted(at for at in counts if first <= _day(at).toordinal() < first + LONGEST)


def _sum(counts: dict[str, int], day: str, span: int) -> int:
    last = _day(day)
    days = (last - timedelta(step) for step in range(min(span, last.toordinal())))
    return sum(counts.get(each.isoformat(), 0) for each in days)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _summary(context: Context, record: Record, series: Series) -> Json:
    return next(newest_first(context.world, record.id, series), None)
