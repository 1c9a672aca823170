"""Data contracts in the Open Data Contract Standard: written in it, and read from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.exchange import Problem

Json = Any
VERSION, KIND = "v3.1.0", "DataContract"
STATUSES = {"In Review": "proposed", "Approved": "active", "Deprecated": "deprecated", "Archived": "retired"}
ENTITY_STATUSES = {written: status for status, written in STATUSES.items()} | {"draft": "Draft"}
# A type of column by the standard's word for it, and back; the first of several is the one that is written.
TYPES = {
    "string": "STRING VARCHAR CHAR UUID ENUM",
    "text": "TEXT MEDIUMTEXT CLOB",
    "integer": "INT TINYINT SMALLINT",
    "long": "BIGINT LONG",
    "decimal": "DECIMAL NUMERIC",
    "number": "NUMBER",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP DATETIME TIMESTAMPZ",
    "time": "TIME",
    "bytes": "BYTES BINARY VARBINARY BLOB",
    "array": "ARRAY",
    "object": "STRUCT JSON MAP RECORD UNION",
    "null": "NULL",
}
LOGICAL = {kind: logical for logical, kinds in TYPES.items() for kind in kinds.split()}
SIZED = re.compile(r"^([A-Za-z]+)\s*(?:\((\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\))?$")
# An agreed time, as the contract and as the standard name it.
TIMES = (
    ("refreshFrequency", "interval", ("interval", "frequency", "refreshFrequency")),
    ("maxLatency", "value", ("latency", "maxLatency")),
    ("retention", "period", ("retention",)),
)
UNITS = {"d": "day", "h": "hour", "m": "minute", "w": "week", "y": "year", "yr": "year", "mo": "month"}


def written(contract: Mapping[str, Json]) -> dict[str, Json]:
    """A contract, as it is shown, in the standard."""
    told: dict[str, Json] = {
        "apiVersion": VERSION,
        "kind": KIND,
        "id": contract["id"],
        "name": contract.get("displayName") or contract["name"],
        "version": str(contract["version"]),
        "status": STATUSES.get(contract.get("entityStatus", ""), "draft"),
    }
    terms = (contract.get("termsOfUse") or {}).get("content")
    description = {"purpose": contract.get("description"), "limitations": terms}
    told["description"] = {key: value for key, value in description.items() if value}
    if columns := contract.get("schema"):
        entity = contract.get("entity", {})
        about = {"name": entity.get("name", contract["name"]), "logicalType": "object"}
        about["physicalName"] = entity.get("fullyQualifiedName", about["name"])
        told["schema"] = [{**about, "properties": [_property(each) for each in columns]}]
    if rules := contract.get("odcsQualityRules"):
        told["quality"] = rules
    told["team"] = [
        {"username": owner.get("name", owner["id"]), "name": owner.get("displayName", ""), "role": "owner"}
        for owner in contract.get("owners") or ()
    ]
    told["slaProperties"] = _agreed(contract.get("sla") or {})
    if "createdAt" in contract:
        told["contractCreatedTs"] = datetime.fromtimestamp(contract["createdAt"] / 1000, UTC).isoformat()
    return {key: value for key, value in told.items() if value not in ([], {})}


def _property(column: Mapping[str, Json]) -> dict[str, Json]:
    kind = str(column.get("dataType", "STRING"))
    told: dict[str, Json] = {"name": column["name"], "logicalType": LOGICAL.get(kind, "string"), "physicalType": kind}
    if "dataLength" in column:
        told["logicalTypeOptions"] = {"maxLength": column["dataLength"]}
    if description := column.get("description"):
        told["description"] = description
    constraint = column.get("constraint")
    flags = {"primaryKey": ("PRIMARY_KEY",), "required": ("NOT_NULL", "PRIMARY_KEY"), "unique": ("UNIQUE",)}
    told.update({flag: True for flag, constraints in flags.items() if constraint in constraints})
    if children := column.get("children"):
        told["properties"] = [_property(each) for each in children]
    return told


def _agreed(sla: Mapping[str, Json]) -> list[dict[str, Json]]:
    told = []
    for field, member, names in TIMES:
        if agreed := sla.get(field):
            told.append({"property": names[0], "value": str(agreed.get(member)), "unit": agreed.get("unit")})
    if moment := sla.get("availabilityTime"):
        told.append({"property": "timeOfAvailability", "value": str(moment)})
    return told


def read(notation: Mapping[str, Json], entity: Mapping[str, Json], wanted: str | None) -> dict[str, Json]:
    """The create body of a contract on an entity that a document of the standard means."""
    name = str(notation.get("name") or notation.get("id") or "contract")
    body: dict[str, Json] = {
        "name": re.sub(r'::|["\r\n]', "_", name)[:256],
        "entity": {"id": entity["id"], "type": entity["type"]},
        "entityStatus": ENTITY_STATUSES.get(str(notation.get("status")), "Draft"),
    }
    description = notation.get("description") or {}
    words = [description.get(part) for part in ("purpose", "usage")] if isinstance(description, dict) else [description]
    if text := "\n\n".join(str(each) for each in words if each):
        body["description"] = text
    if isinstance(description, dict) and (terms := description.get("limitations")):
        body["termsOfUse"] = str(terms)
    if described := _object(notation.get("schema") or [], entity, wanted):
        body["schema"] = [_column(each) for each in described.get("properties") or ()]
    if rules := notation.get("quality"):
        body["odcsQualityRules"] = rules
    if sla := _sla(notation.get("slaProperties") or []):
        body["sla"] = sla
    return body


def _object(objects: list[dict[str, Json]], entity: Mapping[str, Json], wanted: str | None) -> Mapping[str, Json]:
    """The object of the document that is about the entity: the one asked for, its namesake, or the first."""
    named = {str(each.get("name")): each for each in objects}
    if wanted is not None and wanted not in named:
        raise Problem(
            400, f"Schema object '{wanted}' not found in the ODCS contract; it has {', '.join(named) or 'none'}"
        )
    return named.get(wanted or str(entity["name"])) or next(iter(objects), {})


def _column(told: Mapping[str, Json]) -> dict[str, Json]:
    kind, sizes = _physical(str(told.get("physicalType") or ""))
    logical = str(told.get("logicalType") or "string")
    column: dict[str, Json] = {"name": told.get("name"), "dataType": kind or TYPES.get(logical, "STRING").split()[0]}
    if column["dataType"] == "ARRAY":
        column["arrayDataType"] = "STRING"
    if sizes:
        column.update(zip(("precision", "scale") if len(sizes) > 1 else ("dataLength",), sizes, strict=True))
    length = (told.get("logicalTypeOptions") or {}).get("maxLength")
    if length is not None:
        column.setdefault("dataLength", length)
    if description := told.get("description"):
        column["description"] = description
    for flag, constraint in (("primaryKey", "PRIMARY_KEY"), ("unique", "UNIQUE"), ("required", "NOT_NULL")):
        if told.get(flag):
            column.setdefault("constraint", constraint)
    if column["dataType"] == "STRUCT":
        column["children"] = [_column(each) for each in told.get("properties") or ()]
    return column


def _physical(text: str) -> tuple[str | None, list[int]]:
    """A type of column as a database writes it, such as `varchar(20)`: the known word for it, and its sizes."""
    found = SIZED.match(text)
    if found is None or found[1].upper() not in LOGICAL:
        return None, []
    return found[1].upper(), [int(size) for size in found.groups()[1:] if size]


def _sla(told: list[dict[str, Json]]) -> dict[str, Json]:
    agreed: dict[str, Json] = {}
    for each in told:
        name, value = each.get("property"), str(each.get("value", ""))
        unit = str(each.get("unit") or "day").lower()
        unit = UNITS.get(unit, unit.removesuffix("s"))
        for field, member, names in TIMES:
            if name in names and value.isdecimal() and len(value) < 10:
                agreed[field] = {member: int(value), "unit": unit}
        if name in ("timeOfAvailability", "availabilityTime"):
            agreed["availabilityTime"] = value
    return agreed
