"""A CSV file written into records: each line is taken or refused by itself, and the answer tells of each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.csvtext import line_of, rows_of, text_of
from mockserver.behaviours.exporting import begun, columns_of, scope_of, sheet_of
from mockserver.behaviours.lines import Line, Lines
from mockserver.contract.sheets import Column
from mockserver.exchange import Problem

Json = Any
STATUS_COLUMNS = ("status", "details")
CREATED, UPDATED = "Entity created", "Entity updated"


class Outcome(NamedTuple):
    """What became of a line."""

    cells: list[str]
    passed: bool
    details: str


def import_csv(context: Context) -> Answer:
    """What became of each line; a dry run leaves nothing behind, and says what would have become of them."""
    sheet = sheet_of(context)
    scope = scope_of(context, sheet)
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], scope)
    dry = bool(context.arguments.get("dryRun", True))
    before = context.world.mark()
    columns = columns_of(context, sheet)
    result = _result(Lines(context, sheet, scope, columns), columns, context.body)
    if dry:
        context.world.back_to(before)
    if (message := context.operation.settings.get("job")) is not None:
        return begun(context, str(message))
    return Answer(200, {"dryRun": dry, **result})


def _result(lines: Lines, columns: tuple[Column, ...], text: str) -> dict[str, Json]:
    try:
        rows = rows_of(text)
    except csv.Error as error:
        return _aborted(f"#PARSER_FAILURE: Failed to parse the CSV filed - reason {error}", 0)
    header, expected = (rows or [[]])[0], [column.label for column in columns]
    if header != expected:
        return _aborted(f"#INVALID_HEADER: Headers [{line_of(header)}] doesn't match [{line_of(expected)}]", 1)
    outcomes = list(_outcomes(lines, rows[1:]))
    # The header is a row, too, and one that passed.
    passed = 1 + sum(outcome.passed for outcome in outcomes)
    return {
        "status": "success" if passed == len(rows) else "partialSuccess",
        "numberOfRowsProcessed": len(rows),
        "numberOfRowsPassed": passed,
        "numberOfRowsFailed": len(rows) - passed,
        "importResultsCsv": text_of(_told(outcomes, expected)),
    }


def _aborted(reason: str, rows: int) -> dict[str, Json]:
    return {
        "status": "aborted",
        "abortReason": reason,
        "numberOfRowsProcessed": rows,
        "numberOfRowsPassed": 0,
        "numberOfRowsFailed": rows,
    }


def _told(outcomes: Iterable[Outcome], header: list[str]) -> Iterator[list[str]]:
    yield [*STATUS_COLUMNS, *header]
    for cells, passed, details in outcomes:
        yield ["success" if passed else "failure", details, *cells]


def _outcomes(lines: Lines, rows: list[list[str]]) -> Iterator[Outcome]:
    """What becomes of the lines, in their order; those about things in one record are written at once."""
    read = [lines.read(cells) for cells in rows]
    for are_items, group in groupby(read, lines.is_item):
        if not are_items:
            yield from (_attempt(lines, line) for line in group)
            continue
        for holder, each in groupby(group, lines.holder):
            yield from _lay(lines, holder, list(each))


def _attempt(lines: Lines, line: Line) -> Outcome:
    """Writes the record that a line is about; what a refused one wrote is undone."""
    mark = lines.context.world.mark()
    try:
        return Outcome(line.cells, True, CREATED if lines.write(line) else UPDATED)
    except Problem as problem:
        lines.context.world.back_to(mark)
        return Outcome(line.cells, False, problem.message)


def _lay(lines: Lines, holder: str | None, group: list[Line]) -> Iterator[Outcome]:
    mark = lines.context.world.mark()
    try:
        refusals = lines.lay(holder, group)
    except Problem as problem:
        lines.context.world.back_to(mark)
        refusals = [problem.message] * len(group)
    for line, refusal in zip(group, refusals, strict=True):
        yield Outcome(line.cells, refusal is None, UPDATED if refusal is None else refusal)
