"""Records as a CSV file: what its lines are about, and the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.behaviours.cellforms import written
from mockserver.behaviours.cells import Cell, Row
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.csvtext import text_of
from mockserver.behaviours.related import living, related
from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.contract.reference import resolved
from mockserver.contract.sheets import Column, Sheet
from mockserver.world.record import Record

Json = Any
TEXT = "text/plain; charset=utf-8"


def export_csv(context: Context) -> Answer:
    """The file of a record; where it is made a job, the job's id alone."""
    sheet = sheet_of(context)
    scope = scope_of(context, sheet)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], scope)
    if (message := context.operation.settings.get("job")) is not None:
        return begun(context, str(message))
    columns = columns_of(context, sheet)
    lines = [[column.label for column in columns]]
    cells: dict[str, list[Cell]] = {}
    for row in _once(_rows(context, sheet, scope)):
        made = cells.get(row.kind)
        if made is None:
            made = cells[row.kind] = [Cell(context, columns, column, row.resource) for column in columns]
        lines.append([written(cell, row) for cell in made])
    return Answer(200, text_of(lines).encode(), media_type=TEXT)


def describe_csv(context: Context) -> Answer:
    """What the columns of a file mean."""
    sheet = sheet_of(context)
    headers = [
        {
            "name": column.name,
            "required": column.required,
            "description": column.description,
            "examples": list(column.examples),
        }
        for column in columns_of(context, sheet)
    ]
    return Answer(200, {"summary": sheet.about, "headers": headers})


def begun(context: Context, message: str) -> Answer:
    """What is answered of a job; its work was done already."""
    status = next(code for code in context.operation.document["responses"] if code.startswith("2"))
    return Answer(int(status), {"jobId": context.world.new_id(), "message": message})


def sheet_of(context: Context) -> Sheet:
    sheet = context.resource.sheet
    assert sheet is not None  # the linter asks for it
    return sheet


def columns_of(context: Context, sheet: Sheet) -> tuple[Column, ...]:
    return sheet.recursive if context.arguments.get("recursive") and sheet.recursive else sheet.columns


def scope_of(context: Context, sheet: Sheet) -> Record | None:
    """The living record whose file it is; None for the file of all there are."""
    resources, arguments = context.contract.resources, context.arguments
    wanted = str(arguments.get("fqn") or arguments.get("name") or arguments[resources[sheet.of].entity])
    if wanted == sheet.all:
        return None
    for resource in (sheet.of, *sheet.also):
        for unique in dict.fromkeys((wanted, context.dialect.named(resources[resource], None, wanted))):
            found = context.world.find(resource, unique)
            if found is not None and not found.deleted:
                return found
    raise context.dialect.missing(resources[sheet.of], wanted)


def below(context: Context, record: Record, resource: str, relation: str) -> list[Record]:
    """The living records of a resource that lead to a record, by unique name: what contains another one comes first."""
    contract, world = context.contract, context.world
    back = contract.resources[record.resource].relations.values()
    inverse = next((each for each in back if each.inverse == relation and resource in each.of), None)
    if inverse is not None:
        found = related(world, contract, record, inverse)
    else:
        sources = (world.record(id) for id in world.sources(record.id, relation))
        found = [each for each in sources if each is not None and not each.deleted]
    return sorted(
        (each for each in found if each.resource == resource), key=lambda each: str(each.data["fullyQualifiedName"])
    )


def places(context: Context, sheet: Sheet, scope: Record) -> Iterator[Record]:
    """The record whose file it is, and those that are looked into with it, each before what is below it."""
    yield scope
    if sheet.through is not None:
        for record in below(context, scope, scope.resource, sheet.through):
            yield from places(context, sheet, record)


def beside(context: Context, record: Record, names: Iterable[str]) -> dict[str, Json]:
    """The unique names of what a record stands below by some relations, so that others may stand there too."""
    relations = context.contract.resources[record.resource].relations
    above = {name: related(context.world, context.contract, record, relations[name]) for name in names}
    return {name: found[0].data["fullyQualifiedName"] for name, found in above.items() if found}


def record_row(context: Context, record: Record) -> Row:
    resource = context.contract.resources[record.resource]
    shown = context.dialect.view(context, record).members
    fields = frozenset(resource.properties)
    return Row(resource, fields, shown, record.data["name"], record.data["fullyQualifiedName"], resource.entity)


def item_schema(context: Context, resource: Resource, items: str) -> Mapping[str, Json]:
    """The schema of the things in a field of a record."""
    parts = context.contract.parts
    schema = resolved(parts, {"$ref": f"#/components/schemas/{resource.schema}"})
    item: Mapping[str, Json] = resolved(parts, resolved(parts, schema["properties"][items])["items"])
    return item


def item_rows(context: Context, sheet: Sheet, resource: Resource, members: Mapping[str, Json]) -> Iterator[Row]:
    """The things in a field of a record, each before those in it."""
    assert sheet.items is not None
    fields = frozenset(item_schema(context, resource, sheet.items)["properties"])
    place = str(members["fullyQualifiedName"])
    for item in walk(resource.nested[sheet.items], members.get(sheet.items, ())):
        unique = str(item["fullyQualifiedName"])
        yield Row(resource, fields, item, unique.removeprefix(f"{place}."), unique, sheet.item)


def walk(nested: Nested, items: list[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    for item in items:
        yield item
        if nested.children is not None:
            yield from walk(nested, item.get(nested.children) or [])


def _once(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows without those that were there before, as of a user who is in several teams."""
    seen = set()
    for row in rows:
        if (row.kind, row.place) not in seen:
            seen.add((row.kind, row.place))
            yield row


def _rows(context: Context, sheet: Sheet, scope: Record | None) -> Iterator[Row]:
    if scope is None:
        records = living(context.world, sheet.kind)
        yield from (record_row(context, each) for each in records)
        return
    recursive = bool(context.arguments.get("recursive") and sheet.recursive)
    if sheet.itself:
        yield record_row(context, scope)
    if sheet.items is not None:
        shown = context.dialect.view(context, scope).members
        yield from item_rows(context, sheet, context.contract.resources[scope.resource], shown)
    kinds = list(sheet.rows.items())
    if scope.resource in sheet.also:
        kinds = [(kinds[0][0], sheet.also[scope.resource])]
    for place in places(context, sheet, scope):
        for resource, relation in kinds if recursive else kinds[:1]:
            for record in below(context, place, resource, relation):
                yield record_row(context, record)
                deeper = context.contract.resources[resource].sheet
                if recursive and deeper is not None:
                    yield from _rows(context, deeper, record)
