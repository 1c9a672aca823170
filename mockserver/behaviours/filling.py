"""What the cells of a line make of a record, or of a thing in one."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import Any

import orjson

from mockserver.behaviours.cellforms import read, written
from mockserver.behaviours.cells import PLACES, Cell, Row
from mockserver.behaviours.context import Context
from mockserver.behaviours.exporting import item_schema, record_row, walk
from mockserver.contract.reference import resolved
from mockserver.contract.sheets import Sheet
from mockserver.contract.validation import check, compile_schema, where
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
Members = MutableMapping[str, Json]
Cells = list[tuple[Cell, str]]


def create(context: Context, cells: Cells, named: Mapping[str, Json]) -> None:
    """A new record with what is told of it."""
    resource = context.resource
    fresh = {} if resource.sheet is None else resource.sheet.fresh
    body: Members = {**fresh, **named}
    for cell, text in cells:
        top = cell.column.field[0]
        if text and top not in named and top in resource.properties and cell.column.form not in PLACES:
            put(body, cell, read(cell, text, cell.content(body)))
    _check(context, cells, body)
    made = replace(context, body=body)
    data, links = made.dialect.compose(made, body)
    made.dialect.create(made, data, links)


def change(context: Context, cells: Cells, record: Record) -> None:
    """What is there, with what is told otherwise; an empty cell takes away what it tells of."""
    row = record_row(context, record)
    edited = dict(row.members)
    touched = fill(edited, row, cells)
    if touched or record.deleted:
        context.dialect.edit(context, record, context.dialect.view(context, record), touched, edited, folds=False)


def fill(members: Members, row: Row, cells: Cells) -> set[str]:
    """Lays the cells that say something else than the row over its members; the fields that are others then."""
    touched = set()
    for cell, text in cells:
        if cell.column.form not in PLACES and cell.tells(row) and written(cell, row) != text:
            put(members, cell, read(cell, text, cell.content(members)))
            touched.add(cell.column.field[0])
    return touched


def put(members: Members, cell: Cell, value: Json) -> None:
    """Sets the field of a cell, or a member of it; None takes it away, and with it a field that has nothing left."""
    column = cell.column
    top, *deeper = column.field
    if not deeper:
        members[top] = value
        if value is None:
            del members[top]
        return
    holder = {key: each for key, each in (members.get(top) or {}).items() if key not in (*deeper, *column.dates)}
    if value is not None:
        holder |= {deeper[0]: value, **dict.fromkeys(column.dates, cell.context.world.now())}
    members[top] = holder
    if not holder:
        del members[top]


def _check(context: Context, cells: Cells, body: Members) -> None:
    """Refuses a new record whose own fields are against the schema of what creates one, or else of what is answered."""
    parts, resource = context.contract.parts, context.resource
    taken = resolved(parts, {"$ref": f"#/components/schemas/{resource.create}"})
    shown = resolved(parts, {"$ref": f"#/components/schemas/{resource.schema}"})["properties"]
    validators, key = context.contract.validators, f"{resource.create}/{','.join(sorted(body))}"
    if key not in validators:
        fields = {**shown, **taken.get("properties", {}), **dict.fromkeys(resource.relations, True)}
        required = [name for name in taken.get("required", ()) if name not in resource.relations]
        schema = {**taken, "properties": {name: fields[name] for name in body}, "required": required}
        validators[key] = compile_schema(context.contract, schema)
    if found := check(validators[key], body, where):
        raise Problem(400, ";".join(_said(cells, each) for each in found))


def _said(cells: Cells, violation: Violation) -> str:
    """What is wrong, in which column."""
    top = violation.where.split("/")[1]
    for cell, text in cells:
        if text and cell.column.field[0] == top:
            return cell.refusal(violation.message).message
    return f"{violation.where}: {violation.message}"


class Things:
    """The things in a field of one record, such as a table's columns, while lines are laid over them."""

    def __init__(self, context: Context, record: Record, sheet: Sheet) -> None:
        assert sheet.items is not None
        self.context = context
        self.record = record
        self.sheet = sheet
        self.field = sheet.items
        self.nested = context.resource.nested[sheet.items]
        self.shown = context.dialect.view(context, record)
        self.things: list[dict[str, Json]] = orjson.loads(orjson.dumps(self.shown.members.get(self.field, [])))
        self.touched = False
        schema = item_schema(context, context.resource, sheet.items)
        self._fields = frozenset(schema["properties"])
        self._validator = compile_schema(context.contract, schema)
        self._known = {self._path(thing["fullyQualifiedName"]): thing for thing in walk(self.nested, self.things)}

    def _path(self, unique: str) -> tuple[str, ...]:
        local = unique.removeprefix(f"{self.record.data['fullyQualifiedName']}.")
        return tuple(self.context.dialect.parts(local) or [local])

    def lay(self, name: str, cells: Cells) -> None:
        """Lays one line over the thing of that name, a new one if there is none; a refused line changes nothing."""
        path = self._path(name)
        thing = self._known.get(path)
        changed: dict[str, Json] = {"name": path[-1]} if thing is None else dict(thing)
        row = Row(self.context.resource, self._fields, changed, name, name, self.sheet.item)
        if not fill(changed, row._replace(members=dict(changed)), cells) and thing is not None:
            return
        if self.nested.children is not None and not self._validator.is_valid(changed):
            # Lines to come may be about what stands in it.
            changed.setdefault(self.nested.children, [])
        if found := check(self._validator, changed, where):
            raise Problem(400, ";".join(_said(cells, each) for each in found))
        if thing is not None:
            thing.clear()
            thing.update(changed)
        else:
            self._siblings(path).append(changed)
            self._known[path] = changed
        self.touched = True

    def _siblings(self, path: tuple[str, ...]) -> list[dict[str, Json]]:
        if len(path) == 1:
            return self.things
        above = self._known.get(path[:-1])
        if above is None or self.nested.children is None:
            word = self.sheet.item.capitalize()
            message = f"Parent {word} not found. Check the order of the {self.field} in the CSV file."
            raise Problem(400, message)
        siblings: list[dict[str, Json]] = above.setdefault(self.nested.children, [])
        return siblings

    def write(self) -> None:
        """Writes what was laid, as one edit of the record."""
        if self.touched:
            edited = {**self.shown.members, self.field: self.things}
            self.context.dialect.edit(self.context, self.record, self.shown, {self.field}, edited)
