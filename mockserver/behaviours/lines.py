"""Lines of a CSV file: what each is about, and where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.behaviours import filling
from mockserver.behaviours.cellforms import read
from mockserver.behaviours.cells import PLACES, Cell
from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import EntityLink
from mockserver.behaviours.exporting import beside
from mockserver.behaviours.related import related
from mockserver.contract.model import Resource
from mockserver.contract.quality import About
from mockserver.contract.sheets import Column, Sheet
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


class Line(NamedTuple):
    """One line as it came, its texts by column, and what is wrong with its form."""

    cells: list[str]
    texts: Mapping[Column, str]
    fault: str | None = None


class Lines:
    """Writes the lines of one file, which is of one record."""

    def __init__(self, context: Context, sheet: Sheet, scope: Record | None, columns: tuple[Column, ...]) -> None:
        self.context = context
        self.sheet = sheet
        self.scope = scope
        self.columns = columns
        self.recursive = columns is sheet.recursive
        self._forms = {column.form: column for column in columns if column.form in PLACES}
        self._holders = {
            each.sheet.item: each
            for each in context.contract.resources.values()
            if each.sheet is not None and each.sheet.items is not None
        }

    def read(self, cells: list[str]) -> Line:
        """A line by its columns; a recursive file may leave out cells at the end of one, or have too many."""
        count = len(self.columns)
        given = (cells + [""] * count)[:count] if self.recursive else cells
        texts = dict(zip(self.columns, given, strict=False))
        if len(given) != count:
            message = f"Field count {len(cells)} does not match the expected field count of {count}"
            return Line(cells, texts, f"#INVALID_FIELD_COUNT: {message}")
        missing = [
            f"#FIELD_REQUIRED: Field {at} is required"
            for at, (column, text) in enumerate(texts.items(), start=1)
            if column.required and not text
        ]
        return Line(cells, texts, ";".join(missing) or None)

    def is_item(self, line: Line) -> bool:
        """Whether a line is about a thing in a record, as far as it is to be looked into at all."""
        if line.fault is not None:
            return False
        return self.sheet.items is not None or (self.recursive and self._told(line, "kind") in self._holders)

    def holder(self, line: Line) -> str | None:
        """The id of the record that holds what a line is about; None where there is no such record."""
        if self.sheet.items is not None:
            return None if self.scope is None else self.scope.id
        found = self._nearest((self._holders[self._told(line, "kind")].name,), self._told(line, "place"))
        return None if found is None else found.id

    def write(self, line: Line) -> bool:
        """Creates the record that a line is about, or changes it to what the line says; whether it was created."""
        if line.fault is not None:
            raise Problem(400, line.fault)
        resource = self._resource(line)
        context = self.context.about(resource)
        named = {"name": self._told(line, "name"), **self._parents(context, resource, line)}
        unique = str(context.dialect.compose(context, named)[0]["fullyQualifiedName"])
        self._check_place(context, resource, line, unique)
        cells = self._cells(context, line)
        found = context.world.find(resource.name, unique)
        if found is None:
            filling.create(context, cells, named)
        else:
            filling.change(context, cells, found)
        self._enlist(resource, unique)
        return found is None

    def lay(self, holder: str | None, group: list[Line]) -> list[str | None]:
        """Lays lines over the things in one record, all at once; what is wrong with each."""
        record = None if holder is None else self.context.world.record(holder)
        if record is None:
            wanted = self._holders[self._told(group[0], "kind")]
            raise Problem(404, f"{wanted.title} not found: {self._told(group[0], 'place')}")
        self._check_below(record.data["fullyQualifiedName"])
        resource = self.context.contract.resources[record.resource]
        assert resource.sheet is not None
        context = self.context.about(resource)
        things = filling.Things(context, record, resource.sheet)
        refusals: list[str | None] = []
        for line in group:
            place = self._told(line, "place").removeprefix(f"{record.data['fullyQualifiedName']}.")
            try:
                things.lay(place or self._told(line, "name"), self._cells(context, line))
                refusals.append(None)
            except Problem as problem:
                refusals.append(problem.message)
        things.write()
        return refusals

    def _told(self, line: Line, form: str) -> str:
        column = self._forms.get(form)
        return "" if column is None else line.texts[column]

    def _cells(self, context: Context, line: Line) -> filling.Cells:
        return [(Cell(context, self.columns, column, context.resource), text) for column, text in line.texts.items()]

    def _resource(self, line: Line) -> Resource:
        """What a line is about: the first kind of rows, or in a recursive file what it says."""
        resources = self.context.contract.resources
        if not self.recursive:
            return resources[self.sheet.kind]
        kind = self._told(line, "kind")
        found = self.context.contract.by_entity.get(kind)
        if found is None or found.name not in _rows(resources, self.sheet):
            known = [resources[each].entity for each in _rows(resources, self.sheet)]
            raise self._refusal("kind", f"entityType {kind} is not one of {', '.join([*known, *self._holders])}")
        return found

    def _parents(self, context: Context, resource: Resource, line: Line) -> dict[str, Json]:
        """What the name of a record is to stand below, by relation."""
        parents = resource.naming.parents
        if resource.quality.about is not None:
            return self._linked(resource, resource.quality.about, line)
        if self.recursive and (place := self._told(line, "place")) and parents:
            found = {name: self._nearest(resource.relations[name].to, place) for name in parents}
            there = {name: each for name, each in found.items() if each is not None}
            if not there:
                wanted = context.contract.resources[resource.relations[parents[0]].to[0]]
                raise Problem(404, f"{wanted.title} not found: {place.rpartition('.')[0]}")
            name = max(there, key=lambda each: len(there[each].data["fullyQualifiedName"]))
            return {name: there[name].data["fullyQualifiedName"]}
        relation = self.sheet.rows.get(resource.name)
        if parents and relation is None and not self.sheet.itself:
            wanted = context.contract.resources[resource.relations[parents[0]].to[0]]
            message = f"{resource.title} import requires fullyQualifiedName to determine the {wanted.entity}"
            raise self._refusal("place", f"{message} it belongs to")
        top = None if self.scope is None else self.scope.data["fullyQualifiedName"]
        given = {relation: top} if relation in parents else {}
        if self.sheet.itself and self.scope is not None:
            given = beside(context, self.scope, set(parents) - {column.field[0] for column in self.columns})
        for cell, text in self._cells(context, line):
            if text and cell.column.field[0] in parents:
                given[cell.column.field[0]] = read(cell, text, None)
        return given

    def _linked(self, resource: Resource, about: About, line: Line) -> dict[str, Json]:
        """The link to what a record is about, which a line gives by its unique name."""
        column = next(column for column in line.texts if column.field == (about.named,))
        name = line.texts[column]
        kinds = resource.relations[about.relation].to
        found = self._nearest(kinds, f"{name}.")
        if found is None:
            cell = Cell(self.context, self.columns, column, resource)
            raise cell.refusal(f"Entity {name} of type {self.context.contract.resources[kinds[0]].entity} not found")
        target, top = self.context.contract.resources[found.resource], found.data["fullyQualifiedName"]
        if name == top:
            return {about.by: str(EntityLink(target.entity, top))}
        path = (next(iter(target.nested)), name.removeprefix(f"{top}."))
        return {about.by: str(EntityLink(target.entity, top, path))}

    def _enlist(self, resource: Resource, unique: str) -> None:
        """Has a record belong to that whose file it is, where it may be chosen what does."""
        scope = self.scope
        if scope is None or scope.resource not in self.sheet.also:
            return
        flags = self.context.contract.resources[scope.resource].quality.flagged
        found = self.context.world.find(resource.name, unique)
        if found is not None and not any(scope.data.get(flag) for flag in flags):
            self.context.world.link(found.id, self.sheet.also[scope.resource], scope.id)

    def _nearest(self, resources: Iterable[str], place: str) -> Record | None:
        """The living record that something of this unique name stands below, as near as possible."""
        while (end := place.rfind(".")) > 0:
            place = place[:end]
            for resource in resources:
                found = self.context.world.find(resource, place)
                if found is not None and not found.deleted:
                    return found
        return None

    def _check_place(self, context: Context, resource: Resource, line: Line, unique: str) -> None:
        """Refuses what would stand elsewhere than below the record whose file it is."""
        if resource.naming.parents and (self.scope is None or self.scope.resource not in self.sheet.also):
            self._check_below(unique)
        inside = self.sheet.inside
        if inside is None:
            return
        for cell, text in self._cells(context, line):
            for record in _referred(cell, text) if cell.column.name == inside.column else ():
                if self.scope is not None and not self._is_inside(self.scope, record):
                    words = {"value": record.name, "name": self._told(line, "name"), "scope": self.scope.name}
                    raise cell.refusal(inside.says.format(**words))

    def _check_below(self, unique: str) -> None:
        top = unique if self.scope is None else self.scope.data["fullyQualifiedName"]
        if unique != top and not unique.startswith(f"{top}."):
            raise self._refusal("place", f"{unique} is not below {top}")

    def _is_inside(self, scope: Record, record: Record) -> bool:
        """Whether a record is the one whose file it is, or leads to it."""
        seen, waiting = set(), [record]
        while waiting:
            place = waiting.pop()
            if place.id == scope.id:
                return True
            relation = self.context.contract.resources[place.resource].relations.get(str(self.sheet.through))
            if place.id not in seen and relation is not None:
                seen.add(place.id)
                waiting.extend(related(self.context.world, self.context.contract, place, relation))
        return False

    def _refusal(self, form: str, message: str) -> Problem:
        column = self._forms.get(form) or self._forms["name"]
        return Cell(self.context, self.columns, column, self.context.resource).refusal(message)


def _rows(resources: Mapping[str, Resource], sheet: Sheet) -> list[str]:
    """All kinds of rows of a recursive file."""
    found: list[str] = []
    for name in sheet.rows:
        deeper = resources[name].sheet
        found += [name, *(_rows(resources, deeper) if deeper is not None and name not in found else ())]
    return found


def _referred(cell: Cell, text: str) -> list[Record]:
    """The records that a cell of references means."""
    value = read(cell, text, None) or []
    return [cell.context.world.records[each["id"]] for each in (value if isinstance(value, list) else [value])]
