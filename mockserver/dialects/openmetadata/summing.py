"""What is told when it is asked for: newest points, how the tests of a suite ended, the incident of one that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.behaviours.series import newest_first, told
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata import incidentsteps
from mockserver.world.recall import Reader
from mockserver.world.record import Record

Json = Any
HEADERS = (
    ("Deprecation", "Monday, October 30, 2024"),
    ("Link", 'api/v1/dataQuality/testSuites/dataQualityReport; rel="alternate"'),
)
STATUSES = ("success", "failed", "aborted", "queued")


def sum_up(
    world: Reader, contract: Contract, record: Record, fields: frozenset[str], refer: Callable[[Record], Json]
) -> dict[str, Json]:
    """What these fields show of a record's newest points, of a suite's tests, or of a test's incident."""
    resource = contract.resources[record.resource]
    shown: dict[str, Json] = {}
    for series in resource.series.values():
        if series.under is None and not fields.isdisjoint(series.shown):
            for point in islice(newest_first(world, record.id, series), 1):
                shown.update({field: value for field, value in told(series, point).items() if field in fields})
    if resource.quality.summed is not None and resource.quality.summed.into in fields:
        shown.update(summary(world, contract, record))
    declared = resource.quality.incidents
    last = None if declared is None else incidentsteps.ongoing(world, resource, record)
    if declared is None or last is None:
        return shown
    if declared.mark in fields:
        shown[declared.mark] = last[incidentsteps.STATE]
    if declared.shown in fields:
        shown[declared.shown] = incidentsteps.told(world, record, last, refer)
    return shown


def summary(world: Reader, contract: Contract, record: Record) -> dict[str, Json]:
    """How the tests of a suite ended the last time, one by one and counted."""
    summed = contract.resources[record.resource].quality.summed
    if summed is None:
        return {}
    tests: list[tuple[Record, Json]] = []
    columns: dict[str, list[Json]] = {}
    for id in world.sources(record.id, summed.relation):
        test = world.record(id)
        points = world.links(id, summed.series)
        if test is None or test.deleted or not points:
            continue
        last = max(points.values(), key=lambda point: int(point["timestamp"]))
        tests.append((test, last))
        link = parsed(str(test.data.get("entityLink")))
        if link is not None and link.item is not None:
            columns.setdefault(str(link), []).append(last)
    tests.sort(key=lambda each: str(each[0].data["fullyQualifiedName"]))
    told = [
        {
            "testCaseName": test.data["fullyQualifiedName"],
            "status": last["testCaseStatus"],
            "timestamp": last["timestamp"],
        }
        for test, last in tests
    ]
    per_column = [{**counted(columns[link]), "entityLink": link} for link in sorted(columns)]
    return {summed.into: {**counted([last for _, last in tests]), "columnTestSummary": per_column}, summed.listed: told}


def digest(context: Context, wanted: str | None) -> Answer:
    """How all tests ended the last time, or those of a suite and of each column; nothing of a suite that never was."""
    world, resource = context.world, context.resource
    summed = resource.quality.summed
    assert summed is not None
    if wanted is not None:
        record = world.record(wanted.lower())
        known = record is not None and record.resource == resource.name
        told = summary(world, context.contract, record)[summed.into] if record is not None and known else NO_TESTS
        return Answer(200, told, HEADERS)
    tests = (id for _, id in world.keys(resource.relations["tests"].of[0]))
    newest = (incidentsteps.newest(world.links(str(id), summed.series).values()) for id in tests)
    return Answer(200, counted([point for point in newest if point is not None]), HEADERS)


def counted(points: list[Mapping[str, Json]]) -> dict[str, Json]:
    """How many results there are, and how many of each status."""
    found = Counter(str(point.get("testCaseStatus", "Queued")).lower() for point in points)
    return {**{status: found[status] for status in STATUSES}, "total": len(points)}


NO_TESTS = {**counted([]), "columnTestSummary": []}
