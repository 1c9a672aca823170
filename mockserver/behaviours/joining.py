"""The verb on joins: how often parts of records were joined, told day by day, shown as sums from both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
DAYS = 30
# A pair of joined parts, by the record's and the other's name for it; both are empty where the records themselves were.
Pair = tuple[str, str]
Counts = Mapping[str, int]


class Join(NamedTuple):
    """One thing told: which part of the record was joined with which of another one, and how often."""

    part: str
    other: Record
    its: str
    times: int


def join(context: Context) -> Answer:
    """Counts the joins of a day anew; what is older than the days that are summed up is forgotten."""
    record, field = find(context), str(context.operation.settings["field"])
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    context.dialect.examine(context, record, field, context.body)
    today = datetime.fromtimestamp(context.world.now() / 1000, UTC).date()
    day = _day(context.body["startDate"], today)
    for each in list(_told(context, record)):
        _count(context, record, each, day, today)
        if each.other.id != record.id:
            _sum_up(context, each.other, field, today)
    shown = context.dialect.view(context, _sum_up(context, record, field, today), frozenset((field,)))
    return Answer(200, shown)


def _day(told: str, today: date) -> str:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise Problem.of([Violation("body /startDate", f"{told!r} is no date such as 2026-01-31")]) from None
    if not today - timedelta(days=DAYS) <= day <= today:
        raise Problem(400, f"Date range can only include past {DAYS} days starting today")
    return day.isoformat()


def _told(context: Context, record: Record) -> Iterator[Join]:
    """What a request tells, its other ends looked up."""
    nested = "columns"
    for each in context.body.get("columnJoins", ()):
        for joined in each.get("joinedWith", ()):
            other, its = _split(context, joined["fullyQualifiedName"], nested)
            yield Join(str(each.get("columnName", "")), other, its, joined["joinCount"])
    for joined in context.body.get("directTableJoins", ()):
        found = context.world.find(context.resource.name, joined["fullyQualifiedName"])
        if found is None or found.deleted:
            raise context.dialect.missing(context.resource, joined["fullyQualifiedName"])
        yield Join("", found, "", joined["joinCount"])


def _split(context: Context, name: str, nested: str) -> tuple[Record, str]:
    """The record and the part of it that a qualified name means."""
    for at in range(len(name) - 1, 0, -1):
        found = context.world.find(context.resource.name, name[:at]) if name[at] == "." else None
        if found is not None and not found.deleted:
            part = name[at + 1 :]
            if any(part.strip('"') == item["name"] for item in found.data.get(nested, ())):
                return found, part.strip('"')
            break
    raise Problem(400, f"Invalid fully qualified column name {name}")


def _count(context: Context, record: Record, join: Join, day: str, today: date) -> None:
    """Notes the count of a day, under the end whose name comes first, so that both ends tell the same."""
    ends = sorted(((record, join.part), (join.other, join.its)), key=lambda end: (str(end[0].data["name"]), end[0].id))
    (first, part), (second, its) = ends
    graph, oldest = str(context.operation.settings["graph"]), (today - timedelta(days=DAYS)).isoformat()
    known = dict(context.world.links(first.id, graph).get(second.id) or {})
    key = f"{part}\n{its}"
    kept = {when: count for when, count in known.get(key, {}).items() if when >= oldest}
    known[key] = {**kept, day: join.times}
    context.world.link(first.id, graph, second.id, known)


def _sum_up(context: Context, record: Record, field: str, today: date) -> Record:
    """Stores with a record the sums of all days that count."""
    start = (today - timedelta(days=DAYS)).isoformat()
    parts: dict[str, list[Json]] = {}
    whole = []
    for other, pair, counts in _pairs(context, record):
        name = str(other.data["fullyQualifiedName"])
        total = sum(count for when, count in counts.items() if when >= start)
        if pair == ("", ""):
            whole.append({"fullyQualifiedName": name, "joinCount": total})
            continue
        its = f'"{pair[1]}"' if "." in pair[1] else pair[1]
        parts.setdefault(pair[0], []).append({"fullyQualifiedName": f"{name}.{its}", "joinCount": total})
    told = [{"columnName": part, "joinedWith": joined} for part, joined in parts.items()]
    sums = {"startDate": start, "dayCount": DAYS, "columnJoins": told, "directTableJoins": whole}
    changed = record.with_data(**{field: sums})
    context.world.replace(changed)
    return changed


def _pairs(context: Context, record: Record) -> Iterable[tuple[Record, Pair, Counts]]:
    """What a record was joined with, in the order of the others' names, each pair seen from this end."""
    world, graph = context.world, str(context.operation.settings["graph"])
    ends = [(id, known, False) for id, known in world.links(record.id, graph).items()]
    ends += [(id, world.links(id, graph)[record.id], True) for id in world.sources(record.id, graph) if id != record.id]
    found = [(other, known, turned) for id, known, turned in ends if (other := world.record(id)) is not None]
    for other, known, turned in sorted(found, key=lambda each: (each[0].name, each[0].id)):
        for key, counts in known.items():
            part, its = key.split("\n")
            yield other, (its, part) if turned else (part, its), counts
