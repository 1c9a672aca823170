"""The verb on points of many records: what was measured of all of a type, or of one, each with what it is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living
from mockserver.behaviours.series import newest_first
from mockserver.contract.model import Resource
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def survey(context: Context) -> Answer:
    """The points within a time, newest first; of one series where its word is asked for."""
    arguments, kinds = context.arguments, dict(context.operation.settings["sides"])
    resource = context.contract.by_entity.get(str(arguments["entityType"]))
    if resource is None:
        raise Problem(404, f"Entity type {arguments['entityType']} not found")
    name = arguments.get("fqn")
    record, item = (None, None) if name is None else _named(context, resource, str(name))
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    records = living(context.world, resource.name) if record is None else (record,)
    wanted = {word: kinds[word] for word in kinds if arguments.get("profileType", word) == word}
    found = sorted(
        _points(context, resource, records, wanted, arguments.get("columnName", item)),
        key=lambda point: (-int(point["timestamp"]), str(point["id"])),
    )
    start, end = int(arguments["startTs"]), int(arguments["endTs"])
    within = [point for point in found if start <= point["timestamp"] <= end]
    return Answer(200, {"data": within, "paging": {"before": str(start), "after": str(end), "total": len(within)}})


def _named(context: Context, resource: Resource, name: str) -> tuple[Record, str | None]:
    """The living record of that name, or that in which something of that name is, which is given then, too."""
    place, item = name, None
    while True:
        found = context.world.find(resource.name, place)
        if found is not None and not found.deleted:
            return found, item
        place, dot, _ = place.rpartition(".")
        if not dot:
            raise context.dialect.missing(resource, name)
        item = name[len(place) + 1 :].strip('"')


def _points(
    context: Context, resource: Resource, records: Iterable[Record], kinds: dict[str, str], item: str | None
) -> Iterator[dict[str, Json]]:
    for record in records:
        reference = context.dialect.reference(context, record)
        for word, name in kinds.items():
            series = resource.series.get(name)
            if series is None or (item is not None and series.under is None):
                continue
            for point in newest_first(context.world, record.id, series, item):
                key = f"{record.id}/{name}/{point[series.at]}/{point.get(str(series.by))}"
                yield {
                    "id": str(UUID(bytes=sha256(key.encode()).digest()[:16], version=5)),
                    "entityReference": reference,
                    "timestamp": point[series.at],
                    "profileData": point,
                    "profileType": word,
                }
