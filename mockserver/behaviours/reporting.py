"""The verb that reports: what a search finds, counted by several fields, one within another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.searching import filtered, found_by
from mockserver.exchange import Problem, Violation
from mockserver.search import dsl
from mockserver.search.clauses import Bool, Clause, Everything, Text
from mockserver.search.ranking import Ranking

Json = Any
# A colon or a comma between quotes is part of a name.
QUOTED = '(?=(?:[^"]*"[^"]*")*[^"]*$)'
COUNT = "document_count"
# A day in milliseconds.
DAY = 86_400_000
BUCKETS = 100
EVERYTHING = 1_000_000


class Step(NamedTuple):
    """One aggregation: what kind of one, what it is called, and of which field it is; a nested one has none."""

    kind: str
    name: str
    field: str | None
    size: int

    @property
    def key(self) -> str:
        """How Elasticsearch calls what comes of it."""
        return f"s{self.kind}#{self.name}" if self.kind == "terms" else f"{self.kind}#{self.name}"


def tabulate(context: Context) -> Answer:
    """The rows that the aggregations of a request come to, with what tells how to read them."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    steps = _read(str(context.arguments["aggregationQuery"]))
    last, fields = steps[-1], [step.field for step in steps if step.field is not None]
    measured = last.kind in MEASURES
    metadata = {
        "keys": [step.key for step in steps],
        "dimensions": fields[:-1] if measured else fields,
        "metrics": [last.field] if measured else [COUNT],
    }
    return Answer(200, {"metadata": metadata, "data": list(_rows(context, _wanted(context), steps, {}))})


def _wanted(context: Context) -> Clause:
    """What is looked at: what `q` finds, of the domain if one is named."""
    domain = context.arguments.get("domain")
    clauses = [each for each in (filtered(context, "q"),) if each is not None]
    if domain:
        clauses.append(Text(str(domain), ("domains.fullyQualifiedName",), exact=True))
    return Bool(must=clauses) if clauses else Everything()


def _rows(context: Context, clause: Clause, steps: Sequence[Step], told: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A row for each bucket of the last step, within those of the steps before it."""
    step, rest = steps[0], steps[1:]
    if step.field is None:
        yield from _rows(context, clause, rest, told)
        return
    found = found_by(context, clause)
    if step.kind in MEASURES:
        value = MEASURES[step.kind](step, found)
        yield {**told, step.field: value} if value is not None else {**told}
        return
    for key, count, within in BUCKETED[step.kind](step, found):
        row = {**told, step.field: key}
        if rest:
            yield from _rows(context, Bool(must=[clause], silent=[within]), rest, row)
        else:
            yield {**row, COUNT: str(count)}


Bucket = tuple[str, int, Clause]


def _terms(step: Step, found: Ranking) -> Iterator[Bucket]:
    name = str(step.field)
    for value, count in found.counted(name, step.size)[0]:
        yield value, count, Text(value, (name,), exact=True)


def _days(step: Step, found: Ranking) -> Iterator[Bucket]:
    """A bucket for each day between the first and the last, also for those on which nothing was."""
    name, counts = str(step.field), Counter[int]()
    for moment, count in _numbers(step, found):
        counts[int(moment) // DAY] += count
    for day in range(min(counts), max(counts) + 1) if counts else ():
        within = dsl.read({"range": {name: {"gte": day * DAY, "lt": (day + 1) * DAY}}})
        yield str(day * DAY), counts[day], within


def _numbers(step: Step, found: Ranking) -> list[tuple[float, int]]:
    """The values of a field as numbers, each with how often it is there."""
    values = found.counted(str(step.field), EVERYTHING)[0]
    try:
        return [(float(text), count) for text, count in values]
    except ValueError:
        raise _refused(f"'{step.kind}' is of numbers, unlike what '{step.field}' holds") from None


def _cardinality(step: Step, found: Ranking) -> str | None:
    return str(len(found.counted(str(step.field), EVERYTHING)[0]))


def _average(step: Step, found: Ranking) -> str | None:
    values = _numbers(step, found)
    total = sum(count for _, count in values)
    return str(sum(value * count for value, count in values) / total) if total else None


def _least(step: Step, found: Ranking) -> str | None:
    values = _numbers(step, found)
    return str(min(values)[0]) if values else None


def _greatest(step: Step, found: Ranking) -> str | None:
    values = _numbers(step, found)
    return str(max(values)[0]) if values else None


MEASURES: Mapping[str, Callable[[Step, Ranking], str | None]] = {
    "cardinality": _cardinality,
    "avg": _average,
    "min": _least,
    "max": _greatest,
}
BUCKETED: Mapping[str, Callable[[Step, Ranking], Iterator[Bucket]]] = {"terms": _terms, "date_histogram": _days}
KINDS = (*BUCKETED, *MEASURES, "nested")


def _read(text: str) -> list[Step]:
    """The steps of a text such as `bucketName=a:aggType=terms:field=x,bucketName=b:aggType=avg:field=y`."""
    steps = [_step(part) for part in re.split(f",{QUOTED}", text)]
    for step in steps[:-1]:
        if step.kind in MEASURES:
            raise _refused(f"nothing can stand within '{step.kind}'")
    if steps[-1].kind == "nested":
        raise _refused("'nested' is for what stands within it")
    return steps


def _step(text: str) -> Step:
    parts = [pair for part in re.split(f":{QUOTED}", text) for pair in part.split("&")]
    told = {name: value.strip('"') for name, _, value in (part.partition("=") for part in parts)}
    kind, name, field = told.get("aggType"), told.get("bucketName"), told.get("field")
    if kind not in KINDS:
        raise _refused(f"'{kind}' is no aggType; there are {', '.join(KINDS)}")
    if not name or (field is None and kind != "nested"):
        raise _refused(f"an aggregation has a bucketName, an aggType and a field, unlike '{text}'")
    size = told.get("size", str(BUCKETS))
    if not size.isdecimal():
        raise _refused(f"'{size}' is no size")
    return Step(kind, name, None if kind == "nested" else field, int(size))


def _refused(message: str) -> Problem:
    return Problem.of([Violation("query aggregationQuery", message)])
