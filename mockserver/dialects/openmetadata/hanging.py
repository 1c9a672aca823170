"""What may hang on a record: parts that name its columns name those that are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata.columns import check_named
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
SAMPLES = frozenset(("sampleData", "failedRowsSample"))


def check(context: Context, record: Record, field: str, value: Json) -> None:
    """Refuses a part that is about columns which are not there, or rows that are wider than them.

    What a test found is of a test that fails, and about the columns of what is tested.
    """
    incidents = context.contract.resources[record.resource].quality.incidents
    holder = record
    if incidents is not None and field == incidents.found:
        from mockserver.dialects.openmetadata.incidentsteps import tested

        holder = tested(context, record)
    if not holder.data.get("columns"):
        return
    if context.arguments.get("validate", True):
        check_named(holder.data, _named(field, value))
    if field in SAMPLES:
        _check_rows(value)


def _named(field: str, value: Json) -> Iterator[str]:
    """The columns that a part names."""
    if field in SAMPLES:
        yield from (each if isinstance(each, str) else str(each["name"]) for each in value.get("columns", ()))
    elif field == "tableProfilerConfig":
        yield from (str(name) for name in value.get("excludeColumns") or ())
        yield from (str(each["columnName"]) for each in value.get("includeColumns") or () if each.get("columnName"))
    elif field == "customMetrics" and value.get("columnName"):
        yield value["columnName"]
    elif field == "joins":
        yield from (str(each["columnName"]) for each in value.get("columnJoins", ()) if each.get("columnName"))


def _check_rows(value: Json) -> None:
    width = len(value.get("columns", ()))
    for row in value.get("rows", ()):
        if len(row) != width:
            raise Problem(400, f"Number of columns is {width} but row has {len(row)} sample values")
