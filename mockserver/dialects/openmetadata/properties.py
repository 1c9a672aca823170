"""Custom properties as texts: how the values of each type stand in a cell."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.behaviours.csvtext import line_of
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata.build import not_found
from mockserver.exchange import Problem

Json = Any
SEVERAL = "|"
NUMBERS = frozenset(("number", "integer", "timestamp"))


def text(value: Json) -> str:
    """A value as it stands after its name."""
    if isinstance(value, list):
        return SEVERAL.join(map(text, value))
    if isinstance(value, Mapping):
        return _object_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _object_text(value: Mapping[str, Json]) -> str:
    if {"type", "fullyQualifiedName"} <= value.keys():
        return f"{value['type']}:{value['fullyQualifiedName']}"
    if {"start", "end"} == value.keys():
        return f"{value['start']}:{value['end']}"
    if {"rows", "columns"} <= value.keys():
        rows = ([str(row.get(column, "")) for column in value["columns"]] for row in value["rows"])
        return SEVERAL.join(map(line_of, rows))
    return orjson.dumps(value).decode()


def value(context: Context, resource: Resource, key: str, told: str) -> Json:
    """What a text says of a property, which has to be one of the record's type."""
    kind, config = _definition(context, resource, key)
    if kind in NUMBERS:
        return _whole(key, kind, told)
    if kind == "timeInterval":
        start, _, end = told.partition(":")
        return {"start": _whole(key, kind, start), "end": _whole(key, kind, end)}
    if kind == "entityReference":
        return _reference(context, key, told)
    if kind == "entityReferenceList":
        return [_reference(context, key, each) for each in told.split(SEVERAL) if each]
    if kind == "enum":
        return [each.strip() for each in told.split(SEVERAL) if each.strip()]
    if kind == "table-cp":
        columns = list(config["columns"])
        rows = [dict(zip(columns, cells, strict=False)) for cells in csv.reader(told.split(SEVERAL))]
        return {"rows": rows, "columns": columns}
    return told


def _definition(context: Context, resource: Resource, key: str) -> tuple[str, Json]:
    """The name of a property's type, and what is configured of it."""
    described = context.world.find("types", resource.entity)
    for each in () if described is None else described.data.get("customProperties", ()):
        if each["name"] == key:
            config = (each.get("customPropertyConfig") or {}).get("config")
            return _type_name(context, each["propertyType"]), config
    raise Problem(400, f"Unknown custom field: {key}")


def _type_name(context: Context, reference: Mapping[str, Json]) -> str:
    found = context.world.record(str(reference.get("id", "")))
    return str(found.name if found is not None else reference.get("name", "string"))


def _whole(key: str, kind: str, told: str) -> int:
    try:
        return int(told)
    except ValueError:
        raise Problem(400, f"Invalid value of Key = {key} of type {kind}, Value = {told[:100]}") from None


def _reference(context: Context, key: str, told: str) -> dict[str, Json]:
    kind, _, name = told.partition(":")
    resource = context.contract.by_entity.get(kind)
    if resource is None:
        raise Problem(400, f"Invalid value of Key = {key} of type entityReference, Value = {told}")
    found = context.world.find(resource.name, name)
    if found is None or found.deleted:
        raise not_found(kind, name)
    return context.dialect.reference(context, found)
