"""What may stand in a fixture's record: own fields, relations that are stored, and our marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.manners import Nested
from mockserver.contract.model import Contract, Resource
from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.contract.reference import resolved
from mockserver.contract.relation import Relation
from mockserver.contract.validation import check, compile_schema, where
from mockserver.seeding.entries import Entry, Report

Json = Any
TOKEN = "x-token"  # noqa: S105 - a key, no secret
HISTORY = "x-history"
MARKS = frozenset((TOKEN, HISTORY))
WORKED_OUT = ("href", "fullyQualifiedName")


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one resource's records; without any own fields known, every other key is an own field."""

    own: frozenset[str]
    relations: Mapping[str, Relation]
    followed: Mapping[str, str]
    nested: Mapping[str, Nested]

    @classmethod
    def of(cls, resource: Resource) -> Shape:
        about = None if resource.quality.about is None else resource.quality.about.relation
        relations = {
            name: each
            for name, each in resource.relations.items()
            if not (each.followed or each.hidden) or name == about
        }
        followed = {
            **dict.fromkeys(WORKED_OUT, "the record itself"),
            **{name: f"'{each.followed}'" for name, each in resource.relations.items() if each.followed},
            **{name: f"'{each.via[0]}'" for name, each in resource.derived.items()},
            **dict.fromkeys(resource.counted, "what is counted"),
        }
        own = resource.withheld | frozenset(resource.properties) - set(followed) - set(relations)
        return cls(own, relations, followed, resource.nested)

    @property
    def keys(self) -> list[str]:
        return [*self.own, *self.relations, *MARKS]


def own_fields(
    contract: Contract, shape: Shape, entry: Entry, value: Mapping[str, Json], report: Report, at: str = ""
) -> dict[str, Json]:
    """The record's own fields out of all that is written for it; what cannot be one is noted and left out."""
    own: dict[str, Json] = {}
    for key, field in value.items():
        if key in shape.relations or (key in MARKS and not at):
            continue
        if key in shape.own or not (shape.own or key in MARKS or key in shape.followed):
            nested = shape.nested.get(key)
            if field is None:
                continue
            if key == entry.resource.governs and _note_faults(contract, entry, key, field, report, at):
                continue
            if nested is None or _has_items(field, nested):
                own[key] = field
            elif not _note_faults(contract, entry, key, field, report, at):
                report.on(entry, f"{at}/{escape(key)}", f"'{key}' is a list of objects, each with a name")
        elif key in shape.followed:
            message = f"'{key}' follows from {shape.followed[key]}; leave it out"
            report.on(entry, f"{at}/{escape(key)}", message)
        else:
            message = f"unknown field {shown(key)} of {entry.resource.name}"
            report.on(entry, f"{at}/{escape(key)}", message, nearest(key, shape.keys))
    return own


def _has_items(value: Json, nested: Nested) -> bool:
    """Whether a nested list is at least a list of named objects, down to the last child."""
    if not isinstance(value, list):
        return False
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            return False
        children = item.get(nested.children) if nested.children else None
        if children is not None and not _has_items(children, nested):
            return False
    return True


def _note_faults(contract: Contract, entry: Entry, key: str, value: Json, report: Report, at: str) -> bool:
    """Notes what the schema has against a field that is read before whole records are checked; whether it has any."""
    schema = resolved(contract.parts, {"$ref": f"#/components/schemas/{entry.resource.schema}"})
    properties = schema.get("properties", {})
    violations = check(compile_schema(contract, properties[key]), value, where) if key in properties else []
    for violation in violations:
        report.on(entry, f"{at}/{escape(key)}{violation.where.removesuffix('/')}", violation.message)
    return bool(violations)
