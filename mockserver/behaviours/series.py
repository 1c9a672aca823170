"""The verbs on series: points in time that hang on a record, kept as links whose values they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.jsonpatch import apply
from mockserver.contract.manners import Series
from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem, Violation
from mockserver.world.recall import Reader
from mockserver.world.record import Record

Json = Any
Point = dict[str, Json]


def points(context: Context) -> Answer:
    """The points of a record within a time, newest first."""
    record, item = _owner(context)
    _authorize(context, record, "ViewAll")
    arguments = context.arguments
    start, end = arguments.get("startTs"), arguments.get("endTs")
    found = [
        point
        for series in _series(context)
        for point in newest_first(context.world, record.id, series, item)
        if (start is None or point[series.at] >= start) and (end is None or point[series.at] <= end)
    ]
    paging: dict[str, Json] = {"total": len(found)}
    if context.operation.settings.get("bounds"):
        paging.update({key: str(ts) for key, ts in (("before", start), ("after", end)) if ts is not None})
    return Answer(200, {"data": found[: arguments.get("limit")], "paging": paging})


def point(context: Context) -> Answer:
    """The point of that moment, or of that key."""
    record, _ = _owner(context)
    _authorize(context, record, "ViewAll")
    return Answer(200, _find(context, record)[1])


def latest(context: Context) -> Answer:
    """The newest point; or the record with what is newest of all its series, item by item."""
    record, item = _owner(context)
    _authorize(context, record, "ViewAll")
    if context.operation.settings.get("answer") == "entity":
        return Answer(200, _with_newest(context, record))
    (series,) = _series(context)
    for found in newest_first(context.world, record.id, series, item):
        return Answer(200, found)
    raise Problem(404, f"{series.name} instance for {_wanted(context)} not found")


def add_points(context: Context) -> Answer:
    """Adds a point, several, or those of several series; each takes the place of one of the same moment and key."""
    record, _ = _owner(context)
    _authorize(context, record, "EditAll")
    added: Json = None
    for series, given in _given(context):
        added = _add(context, record, series, given)
    status = 201 if "201" in context.operation.document["responses"] else 200
    if context.operation.settings.get("answer") == "entity":
        return Answer(status, context.dialect.view(context, record))
    return Answer(status, added)


def patch_point(context: Context) -> Answer:
    """Applies a JSON Patch to a point; its moment and what the server set of it stay."""
    record, _ = _owner(context)
    _authorize(context, record, "EditAll")
    series, before = _find(context, record)
    edited = apply(context.body, dict(before))
    if not isinstance(edited, dict):
        raise Problem.of([Violation("body", "the patch leaves no object behind")])
    kept = (series.at, series.by, *series.marks)
    edited.update({key: before[key] for key in kept if key in before})
    if found := violations_of(context.contract, series.schema, edited):
        raise Problem.of([Violation(f"body (patched) {each.where}", each.message) for each in found])
    context.world.link(record.id, series.name, _key(series, edited), edited)
    return Answer(200, edited, context.dialect.headers("entityUpdated"))


def remove_points(context: Context) -> Answer:
    """Removes the points of a moment or of a key, all before a moment, or all."""
    record, item = _owner(context)
    _authorize(context, record, "EditAll")
    arguments = context.arguments
    removed = [
        (series, each)
        for series in _series(context)
        for each in list(newest_first(context.world, record.id, series, item))
        if ("timestamp" not in arguments or each[series.at] == arguments["timestamp"])
        and ("before" not in arguments or each[series.at] < arguments["before"])
    ]
    if not removed and "timestamp" in arguments:
        raise Problem(404, f"{_series(context)[0].name} instance for {arguments['timestamp']} not found")
    for series, each in removed:
        context.world.unlink(record.id, series.name, _key(series, each))
    body: Json = removed[0][1] if "timestamp" in arguments else b""
    return Answer(200, body, context.dialect.headers("entityDeleted"))


def newest_first(world: Reader, id: str, series: Series, item: str | None = None) -> Iterator[Point]:
    """The points of a record, newest first; those of one of its items, where a series tells items apart."""
    found = sorted(world.links(id, series.name).values(), key=lambda point: point[series.at], reverse=True)
    return (point for point in found if item is None or point.get(str(series.by)) == item)


def _owner(context: Context) -> tuple[Record, str | None]:
    """The record that the path names, by id, by name, or by the name of one of its items, which is given then, too."""
    resource, world, wanted = context.resource, context.world, _wanted(context)
    by_id = world.record(wanted.lower())
    found = by_id if by_id is not None and by_id.resource == resource.name else world.find(resource.name, wanted)
    if found is not None and not found.deleted:
        return found, None
    if found is None and any(series.under for series in _series(context)):
        for at in _dots(wanted):
            holder = world.find(resource.name, wanted[:at])
            if holder is not None and not holder.deleted:
                return holder, wanted[at + 1 :].strip('"')
    raise context.dialect.missing(resource, wanted)


def _wanted(context: Context) -> str:
    arguments = context.arguments
    if "of" in context.operation.settings:
        return str(context.body[context.operation.settings["of"]]["id"])
    return str(arguments["id"] if "id" in arguments else arguments["fqn"])


def _dots(name: str) -> Iterable[int]:
    """Where a name can be cut in two, from the right."""
    return [at for at in range(len(name) - 1, 0, -1) if name[at] == "."]


def _authorize(context: Context, record: Record, usual: str) -> None:
    context.dialect.authorize(context, [context.operation.permission or usual], record)


def _series(context: Context) -> list[Series]:
    return [context.resource.series[name] for name in context.operation.settings["series"]]


def _given(context: Context) -> Iterator[tuple[Series, Point]]:
    """The points that a body brings, each with its series; where there are several series it says which has what."""
    known = _series(context)
    for series in known:
        brought = context.body if len(known) == 1 else context.body.get(series.name)
        for each in brought if isinstance(brought, list) else [brought]:
            if each is not None:
                yield series, each


def _add(context: Context, record: Record, series: Series, given: Mapping[str, Json]) -> Point:
    marks = {
        field: context.world.new_id() if source == "id" else record.data[source]
        for field, source in series.marks.items()
    }
    made = {**{key: value for key, value in given.items() if value is not None}, **marks}
    made.setdefault(series.at, context.world.now())
    if series.whole and series.by is not None:
        made.setdefault(series.by, context.world.new_id())
    if series.under is not None and all(item["name"] != made[str(series.by)] for item in record.data[series.under]):
        raise Problem(400, f"Invalid {series.under.removesuffix('s')} name {made[str(series.by)]}")
    key = _key(series, made)
    before = context.world.links(record.id, series.name).get(key)
    if before is not None:
        made.update({field: before[field] for field in series.marks if field in before})
    if context.resource.quality.incidents is not None:
        made = context.dialect.arrived(context, record, series.name, made)
    context.world.link(record.id, series.name, key, made)
    return made


def _key(series: Series, point: Mapping[str, Json]) -> str:
    """Under what a point is kept; another one under the same takes its place."""
    by = None if series.by is None else str(point.get(series.by))
    if by is not None and series.whole:
        return by
    return str(point[series.at]) if by is None else f"{point[series.at]}/{by}"


def _find(context: Context, record: Record) -> tuple[Series, Point]:
    (series,) = _series(context)
    arguments = context.arguments
    wanted = arguments[context.operation.settings.get("member", "timestamp")]
    found = context.world.links(record.id, series.name).get(str(wanted))
    if found is None:
        raise Problem(404, f"{series.name} instance for {wanted} not found")
    return series, found


def _with_newest(context: Context, record: Record) -> dict[str, Json]:
    shown = context.dialect.view(context, record, frozenset(_shown_fields(context))).members
    for series in _series(context):
        if series.under is not None and series.under in shown:
            shown[series.under] = [_item(context, record, series, each) for each in shown[series.under]]
    return shown


def _shown_fields(context: Context) -> Iterator[str]:
    for series in _series(context):
        yield from (series.under,) if series.under is not None else series.shown


def _item(context: Context, record: Record, series: Series, item: Mapping[str, Json]) -> dict[str, Json]:
    """An item of a nested list with its newest point."""
    for found in newest_first(context.world, record.id, series, str(item["name"])):
        return {**item, **told(series, found)}
    return dict(item)


def told(series: Series, point: Mapping[str, Json]) -> dict[str, Json]:
    """What a record, or an item of it, shows of its newest point."""
    found = {field: _shown(point, source) for field, source in series.shown.items()}
    return {field: value for field, value in found.items() if value is not None}


def _shown(point: Mapping[str, Json], source: Json) -> Json:
    """A point, a field of it, or an object made of several."""
    if source is None:
        return point
    if isinstance(source, str):
        return point.get(source)
    return {field: point[of] for field, of in source.items() if of in point}
