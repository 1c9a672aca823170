"""The verbs that tell what records are made of: the fields of a type of record, and what was added to each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.related import living
from mockserver.contract.reference import resolved
from mockserver.world.record import Record

Json = Any
SCHEMAS = "#/components/schemas/"
# What these schemas hold is a field of its own kind, not an object with fields.
REFERENCES = {"EntityReference": "entityReference", "EntityReferenceList": "entityReferenceList"}
DEEPEST = 4


def fields(context: Context) -> Answer:
    """The fields of the type of record that is named, those that its schema has and those that were added."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    resource = context.contract.by_entity.get(record.name)
    told: list[Json] = []
    if resource is not None:
        schema = resolved(context.contract.parts, {"$ref": SCHEMAS + resource.schema})
        told.extend(_fields(context, schema, "", 0))
    told.extend(_added(context, record))
    return Answer(200, told)


def additions(context: Context) -> Answer:
    """What was added to each type of record, by its name; those that nothing was added to are left out."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    told = {}
    for record in living(context.world, context.resource.name):
        if added := _added(context, record):
            told[record.name] = added
    return Answer(200, told)


def _added(context: Context, record: Record) -> list[Json]:
    added = []
    for each in record.data.get(str(context.operation.settings["field"]), ()):
        field = {"name": f"extension.{each['name']}", "type": each["propertyType"].get("name", "string")}
        if "displayName" in each:
            field["displayName"] = each["displayName"]
        if "customPropertyConfig" in each:
            field["customPropertyConfig"] = each["customPropertyConfig"]
        added.append(field)
    return added


def _fields(context: Context, schema: Mapping[str, Json], prefix: str, depth: int) -> Iterator[Json]:
    for name, member in schema.get("properties", {}).items():
        kind = _kind(context, member)
        yield {"name": prefix + name, "type": kind}
        inner = resolved(context.contract.parts, member)
        if kind == "object" and depth < DEEPEST:
            yield from _fields(context, inner, f"{prefix}{name}.", depth + 1)


def _kind(context: Context, schema: Json) -> str:
    """The kind of a field in one word: a type of JSON, a reference, or a list of something."""
    target = str(schema.get("$ref", "")).removeprefix(SCHEMAS)
    if target in REFERENCES:
        return REFERENCES[target]
    schema = resolved(context.contract.parts, schema)
    kind = schema.get("type")
    if kind != "array":
        return str(kind or "object")
    items = schema.get("items", {})
    items = items["allOf"][0] if "allOf" in items else items
    of = str(items.get("$ref", "")).removeprefix(SCHEMAS)
    return "entityReferenceList" if of in REFERENCES else f"array<{of or items.get('type', 'object')}>"
