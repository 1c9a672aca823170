"""Gathers all records of a world to be, gives them ids and unique names, and finds them again by either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.behaviours.context import Dialect
from mockserver.behaviours.entitylinks import parsed
from mockserver.contract.model import Contract
from mockserver.contract.problem import nearest, shown
from mockserver.contract.relation import Relation
from mockserver.exchange import Problem
from mockserver.seeding.entries import Entry, Report
from mockserver.seeding.shapes import TOKEN, Shape, own_fields
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction

Json = Any
NAMING_KEYS = ("id", "fullyQualifiedName", "name")


class Draft:
    """Every entry once it has an id; `at` is when records were last updated that do not say it, in milliseconds."""

    def __init__(self, contract: Contract, dialect: Dialect, report: Report, seed: int, at: int) -> None:
        self.contract = contract
        self.dialect = dialect
        self.report = report
        self.seed = seed
        self.at = at
        self.ids = Transaction(Root(seed=seed))
        self.entries: list[Entry] = []
        self.shapes = {name: Shape.of(resource) for name, resource in contract.resources.items()}
        self._by_id: dict[str, Entry] = {}
        self._by_unique: dict[tuple[str, str], Entry] = {}
        self._by_name: dict[tuple[str, str], list[Entry]] = {}

    def admit(self, entry: Entry) -> bool:
        """Takes a record in under the id it brings or a new one; false for what is none."""
        value, report = entry.value, self.report
        if not isinstance(value, dict):
            report.on(entry, "", f"a record of {entry.resource.name} is an object")
            return False
        name = value.get("name")
        if not isinstance(name, str) or not name:
            report.on(entry, "/name" if "name" in value else "", "a record needs a `name`, a text")
            return False
        if not isinstance(value.get(TOKEN, False), bool):
            report.on(entry, f"/{TOKEN}", f"'{TOKEN}' is true or false")
        id = value.get("id")
        if id is not None and not isinstance(id, str):
            report.on(entry, "/id", "an id is a text")
        entry.id = id.lower() if isinstance(id, str) else self.ids.new_id()
        other = self._by_id.setdefault(entry.id, entry)
        if other is not entry:
            report.on(entry, "/id", f"the id is taken by {other.resource.name} '{other.name}' ({_place(other)})")
            return False
        about = entry.resource.quality.about
        if about is not None and (link := parsed(str(value.get(about.by)))) is not None:
            entry.value = {about.relation: {"type": link.kind, "fullyQualifiedName": link.name}, **value}
        self.entries.append(entry)
        self._by_name.setdefault((entry.resource.name, name), []).append(entry)
        return True

    def name_all(self) -> None:
        """Gives every entry its record. Parents may come after their children, so what has to wait is tried again."""
        waiting, texts = self.entries, False
        while waiting:
            left = [entry for entry in waiting if not self._name(entry, texts)]
            if len(left) == len(waiting):
                if texts:
                    break
                texts = True
            waiting = left
        for entry in waiting:
            self._build(entry, self._missing_parent(entry))

    def _name(self, entry: Entry, texts: bool) -> bool:
        """Builds the record if its parent has one; with `texts`, the parent may be named by its plain name."""
        relation = entry.resource.naming.parent(entry.value)
        if relation is None:
            self._build(entry, None)
            return True
        parent = self._look(entry.resource.relations[relation], entry.value[relation], plain=texts)
        if not parent or parent[0].record is None:
            return False
        self._build(entry, parent[0].record.data["fullyQualifiedName"])
        return True

    def _missing_parent(self, entry: Entry) -> str | None:
        """What the record says its parent is, so that its own children are not missed as well."""
        wanted = entry.value[str(entry.resource.naming.parent(entry.value))]
        return wanted if isinstance(wanted, str) and wanted else None

    def _build(self, entry: Entry, parent: str | None) -> None:
        resource = entry.resource
        own = own_fields(self.contract, self.shapes[resource.name], entry, entry.value, self.report)
        try:
            data = self.dialect.plant(self.contract, resource, entry.id, own, parent, self.at)
        except Problem as problem:
            self.report.on(entry, "", problem.message)
            data = self.dialect.plant(self.contract, resource, entry.id, {"name": entry.name}, parent, self.at)
        entry.parent = parent
        entry.record = Record(resource.name, entry.id, data)
        unique = data["fullyQualifiedName"]
        other = self._by_unique.setdefault((resource.name, unique), entry)
        if other is not entry:
            message = f"the name '{unique}' is taken by another of {resource.name} ({_place(other)})"
            self.report.on(entry, "/name", message)

    def unique_names(self) -> dict[tuple[str, str], str]:
        """The ids by resource and unique name."""
        return {key: entry.id for key, entry in self._by_unique.items()}

    def id_of(self, resource: str, unique: str) -> str | None:
        """The id of the record of that unique name."""
        found = self._by_unique.get((resource, unique))
        return None if found is None else found.id

    def names_of(self, resource: str) -> list[str]:
        """The unique names of a resource's records."""
        return [name for each, name in self._by_unique if each == resource]

    def find(self, entry: Entry, relation: Relation, value: Json, at: str) -> Entry | None:
        """The record that a reference means; one that means none, or several, is noted."""
        by_id = self._by_id.get(value) if isinstance(value, str) else None
        if by_id is not None and by_id.resource.name in (relation.to or relation.of):
            return by_id
        found = self._look(relation, value, plain=True)
        if len(found) == 1:
            return found[0]
        wanted = _wanted(value)
        targets = self._targets(relation, value)
        kinds = " or ".join(self.contract.resources[name].entity for name in targets)
        if found:
            unique = " or ".join(f"'{each.record.data['fullyQualifiedName']}'" for each in found[:5] if each.record)
            self.report.on(entry, at, f"{shown(str(wanted))} may be any of {len(found)}: {unique}")
        elif wanted is None or not targets:
            known = " or ".join(self.contract.resources[name].entity for name in relation.to or relation.of)
            message = f"a reference to a {known} is an id, a name, or an object with one of them and a `type`"
            self.report.on(entry, at, message)
        else:
            names = [name for resource, name in self._by_unique if resource in targets]
            self.report.on(entry, at, f"there is no {kinds} {shown(wanted)}", nearest(wanted, names))
        return None

    def _look(self, relation: Relation, value: Json, *, plain: bool) -> list[Entry]:
        wanted = _wanted(value)
        if wanted is None:
            return []
        targets = self._targets(relation, value)
        by_id = self._by_id.get(wanted) or self._by_id.get(wanted.lower())
        if by_id is not None and by_id.resource.name in targets:
            return [by_id]
        for name in targets:
            if found := self._by_unique.get((name, wanted)):
                return [found]
        return [each for name in targets for each in self._by_name.get((name, wanted), ())] if plain else []

    def _targets(self, relation: Relation, value: Json) -> Iterable[str]:
        """The resources that a reference may lead to; of an inverse relation, those that have its other end."""
        names = (
            relation.to
            or relation.of
            or tuple(name for name, each in self.contract.resources.items() if relation.inverse in each.relations)
        )
        kind = value.get("type") if isinstance(value, dict) else None
        return [name for name in names if self.contract.resources[name].entity == kind] if kind else names


def _wanted(value: Json) -> str | None:
    """The id or name in a reference, if it is one."""
    if isinstance(value, dict):
        if not value.keys() <= {*NAMING_KEYS, "type"}:
            return None
        value = next((value[key] for key in NAMING_KEYS if value.get(key)), None)
    return value if isinstance(value, str) and value else None


def _place(entry: Entry) -> str:
    where = entry.document.where(entry.pointer)
    return f"{where.source}:{where.line}"
