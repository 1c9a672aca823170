"""A cell of a CSV file: where it stands, what it is about, and what it may refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockserver.behaviours.context import Context
from mockserver.behaviours.labels import Label
from mockserver.contract.labels import Labels
from mockserver.contract.model import Resource
from mockserver.contract.relation import Relation
from mockserver.contract.sheets import Column
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
# Forms of columns that tell where a row stands; they are no fields to write.
PLACES = frozenset(("name", "kind", "place"))


class Row(NamedTuple):
    """What a line is about: a record, or a thing in one of its fields, as it is shown.

    `name` is its own below what holds it, `place` its unique one, `kind` the word for its type; only `fields` can be
    told of it.
    """

    resource: Resource
    fields: frozenset[str]
    members: Mapping[str, Json]
    name: str
    place: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a file, in the lines about records of one resource."""

    context: Context
    columns: tuple[Column, ...]
    column: Column
    resource: Resource

    def tells(self, row: Row) -> bool:
        """Whether the column tells something of such a row."""
        return self.column.form in PLACES or self.column.field[0] in row.fields

    def content(self, members: Mapping[str, Json]) -> Json:
        """What stands in the column's field; None where there is nothing."""
        value: Json = members
        for step in self.column.field:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    @property
    def relation(self) -> Relation:
        return self.resource.relations[self.column.field[0]]

    @property
    def labels(self) -> Labels:
        labels = self.context.contract.labels
        assert labels is not None  # the linter asks for it where a column tells some
        return labels

    def refusal(self, message: str) -> Problem:
        number = self.columns.index(self.column) + 1
        return Problem(400, f"#INVALID_FIELD: Field {number} error - {message}")

    def find(self, resources: Iterable[str], name: str) -> Record:
        """The living record of that name, which is taken without the quotes of a unique one, too."""
        context = self.context
        wanted = [context.contract.resources[resource] for resource in resources]
        for resource in wanted:
            for unique in dict.fromkeys((name, context.dialect.named(resource, None, name))):
                found = context.world.find(resource.name, unique)
                if found is not None and not found.deleted:
                    self._check(found, name)
                    return found
        raise self.refusal(f"Entity {name} of type {wanted[0].entity} not found")

    def _check(self, found: Record, name: str) -> None:
        """Refuses a record that the column may not name."""
        if self.column.only is None:
            return
        field, wanted = self.column.only
        if (value := found.data.get(field, wanted)) != wanted:
            raise self.refusal(self.column.lacks.format(name=name, value=value))

    def refer(self, resources: Iterable[str], name: str) -> dict[str, Json]:
        """A reference to the record of that name."""
        record = self.find(resources, name)
        return {"id": record.id, "type": self.context.contract.resources[record.resource].entity}

    def is_told(self, label: Label) -> bool:
        """Whether it is this column of labels that tells one: not what another one is for, nor what is derived."""
        labels = self.labels
        if label.get(labels.kind) != self.column.kind or (labels.derives and labels.derives.items() <= label.items()):
            return False
        name = str(label.get(labels.name))
        if self.column.within is not None:
            return name.startswith(f"{self.column.within}.")
        return not name.startswith(tuple(f"{each.within}." for each in self.columns if each.within))
