"""CSV as text: lines of cells, and cells that hold several values."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO

LINE_END = "\r\n"
SEPARATOR = ";"
BYTE_ORDER_MARK = "\ufeff"
# A value in quotes reaches to the separator; quotes elsewhere belong to the value, as in a quoted part of a name.
VALUE = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?=;|$)|([^;]*))(;|$)')
QUOTED = re.compile(r'[;,"\r\n]|^\s|\s$')
# What starts with this or one below it stands in quotes, too.
LOWEST = "#"
# Cells may be as long as a body may be; the module's own bound is 128 KiB.
csv.field_size_limit(2**31 - 1)


def rows_of(text: str) -> list[list[str]]:
    """The cells of each line that is not empty; a `csv.Error` says where quotes are wrong."""
    lines = csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), strict=True)
    return [cells for cells in lines if cells]


def text_of(rows: Iterable[Iterable[str]]) -> str:
    """The text of a file."""
    return "".join(f"{line_of(cells)}{LINE_END}" for cells in rows)


def line_of(cells: Iterable[str]) -> str:
    """One line, without its end; quotes stand where the writer that clients of the product know has them."""
    return ",".join(map(_cell, cells)) or '""'


def _cell(value: str) -> str:
    if not value or not (value[0] <= LOWEST or value[-1] <= " " or any(mark in value for mark in ',"\r\n')):
        return value
    return _in_quotes(value)


def _in_quotes(value: str) -> str:
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def join(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return SEPARATOR.join(_in_quotes(value) if QUOTED.search(value) else value for value in values)


def split(cell: str) -> list[str]:
    """The values in a cell; empty ones are none."""
    found = []
    at = 0
    while at < len(cell):
        match = VALUE.match(cell, at)
        assert match is not None  # its second way takes any text
        quoted, plain, end = match.groups()
        value = plain.strip() if quoted is None else quoted.replace('""', '"')
        if value:
            found.append(value)
        at = match.end() if end else len(cell)
    return found
