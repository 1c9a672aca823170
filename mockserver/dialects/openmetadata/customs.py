"""Custom properties: what may be defined of them on the types, and the values that records may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

import jsonschema_rs
import orjson

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import living
from mockserver.contract.manners import Nested
from mockserver.contract.patterns import validator_for
from mockserver.contract.problem import ContractError
from mockserver.dialects.openmetadata import itemvalues, javadates
from mockserver.dialects.openmetadata.build import not_found
from mockserver.dialects.openmetadata.changes import VALUES
from mockserver.exchange import Problem, Violation
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.transaction import Transaction

Json = Any
TYPES, DEFINITIONS = "types", "customProperties"
FORMATS = {
    "date-cp": ("Invalid date format", javadates.DATE),
    "dateTime-cp": ("Invalid dateTime format", javadates.DATE_TIME),
    "time-cp": ("Invalid time format", javadates.TIME),
}


def settled(context: Context, data: Data, before: Mapping[str, Json], links: Mapping[str, Links]) -> Data:
    """The fields of a type with its definitions in order; what was defined and is no more goes from all records."""
    definitions = [_definition(context, data, each) for each in data.get(DEFINITIONS) or ()]
    left = {each["name"] for each in definitions}
    for gone in {each["name"] for each in before.get(DEFINITIONS) or ()} - left:
        _forget(context, str(data["name"]), gone)
    return {**data, DEFINITIONS: definitions}


def _definition(context: Context, data: Data, given: Mapping[str, Json]) -> dict[str, Json]:
    wanted = str(given["propertyType"].get("id", ""))
    kind = context.world.record(wanted.lower())
    if kind is None or kind.resource != TYPES:
        raise not_found("type", wanted)
    if check := CONFIGS.get(kind.name):
        check(kind.name, (given.get("customPropertyConfig") or {}).get("config"))
    if data.get("category") == "field":
        _refuse("Only entity types can be extended and field types can't be extended")
    reference = {
        "id": kind.id,
        "type": "type",
        "name": kind.name,
        "fullyQualifiedName": kind.data["fullyQualifiedName"],
    }
    return {**{key: value for key, value in given.items() if value is not None}, "propertyType": reference}


def _check_format(kind: str, config: Json) -> None:
    message, letters = FORMATS[kind]
    if config is None:
        _refuse(f"{message} must have Config populated with format.")
    if not isinstance(config, str) or not javadates.is_format(config, letters):
        _refuse(f"{message}: {config if isinstance(config, str) else _json(config)}")


def _check_enum(kind: str, config: Json) -> None:
    if config is None:
        _refuse("Enum Custom Property Type must have EnumConfig.")
    values = config.get("values") if isinstance(config, dict) else None
    if not values:
        _refuse("Enum Custom Property Type must have EnumConfig populated with values.")
    if len(set(values)) != len(values):
        _refuse("Enum Custom Property values cannot have duplicates.")


def _check_table(kind: str, config: Json) -> None:
    if config is None:
        _refuse("Table Custom Property Type must have config populated.")
    columns = config.get("columns") if isinstance(config, dict) else None
    if not columns or len(columns) > 3:
        _refuse("Custom Property table has invalid value columns size must be between 1 and 3")
    if len(set(columns)) != len(columns):
        _refuse("Column names must be unique.")


CONFIGS: Mapping[str, Callable[[str, Json], None]] = {
    **dict.fromkeys(FORMATS, _check_format),
    "enum": _check_enum,
    "table-cp": _check_table,
}


def _forget(context: Context, entity: str, name: str) -> None:
    """Takes a property from all records of its type, without a new version of them."""
    resource = context.contract.by_entity.get(entity)
    if resource is None:
        itemvalues.forget(context, entity, name)
        return
    for deleted in (False, True):
        for record in list(living(context.world, resource.name, deleted=deleted)):
            values = record.data.get(VALUES)
            if values and name in values:
                left = {key: value for key, value in values.items() if key != name}
                context.world.replace(record.with_data(**{VALUES: left}))


def valued(context: Context, data: Data) -> Data:
    """The fields of a record with the values of its properties as they are stored; wrong ones are refused."""
    values = checked(context, context.resource.entity, data[VALUES])
    return data if values == data[VALUES] else {**data, VALUES: values}


def valued_items(context: Context, data: Data, lists: Iterable[Nested]) -> Data:
    """The fields of a record with the values in these lists as they are stored; wrong ones are refused."""
    found = dict(data)
    for nested in lists:
        change = partial(checked, context, str(nested.described))
        found[nested.name] = itemvalues.changed(data[nested.name], nested.children, change)
    return found


def checked(context: Context, entity: str, values: Json) -> dict[str, Json]:
    """Values of the custom properties of a type of record, as they are stored."""
    if not isinstance(values, dict):
        raise Problem.of([Violation(f"body /{VALUES}", "an object with the values of custom properties")])
    described = context.world.find(TYPES, entity)
    known = {} if described is None else {each["name"]: each for each in described.data.get(DEFINITIONS) or ()}
    return {name: _checked(context, name, known.get(name), value) for name, value in values.items()}


def _checked(context: Context, name: str, definition: Json, value: Json) -> Json:
    if definition is None:
        _refuse(f"Unknown custom field {name}")
    kind = _kind(context.world, definition)
    if faults := [_fault(error) for error in _validator(str(kind.data.get("schema", "{}"))).iter_errors(value)]:
        _refuse(f"Custom field {name} has invalid JSON [{', '.join(faults[:10])}]")
    settle = SETTLED.get(kind.name)
    config = (definition.get("customPropertyConfig") or {}).get("config")
    return value if settle is None else settle(context, name, config, value)


def _kind(world: Transaction, definition: Mapping[str, Json]) -> Record:
    found = world.record(str(definition["propertyType"]["id"]))
    if found is None:
        raise not_found("type", str(definition["propertyType"].get("name")))
    return found


def _fault(error: jsonschema_rs.ValidationError) -> str:
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
    return f"${place}: {error.message[:200]}"


@lru_cache(maxsize=128)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """A validator of a field type's schema; one that is no schema takes everything."""
    try:
        read = orjson.loads(schema)
        return validator_for(read if isinstance(read, dict | bool) else True, {})
    except (ValueError, ContractError, LookupError, RecursionError):
        return validator_for(True, {})


def _settled_date(context: Context, name: str, config: Json, value: str) -> str:
    if not javadates.follows(str(config), value):
        _refuse(f"Custom field {name} value is not as per defined format {config}")
    return value


def _settled_enum(context: Context, name: str, config: Json, value: list[str]) -> list[str]:
    if not config.get("multiSelect") and len(value) > 1:
        _refuse(f"Only one value allowed for non-multiSelect {name} property")
    if unknown := sorted(set(value) - set(config["values"])):
        _refuse(f"Values '[{', '.join(unknown)}]' not supported for property {name}")
    return sorted(value)


def _settled_table(context: Context, name: str, config: Json, value: Mapping[str, Json]) -> Mapping[str, Json]:
    columns = config["columns"]
    if undefined := [each for each in value["columns"] if each not in columns]:
        _refuse(f"Expected columns: [{', '.join(columns)}], but found undefined columns: [{', '.join(undefined)}]")
    if undefined := sorted({key for row in value["rows"] for key in row} - set(columns)):
        _refuse(f"Rows contain undefined columns: [{', '.join(undefined)}]")
    return value


def _settled_link(context: Context, name: str, config: Json, value: Mapping[str, Json]) -> Mapping[str, Json]:
    try:
        scheme = urlsplit(value["url"]).scheme
    except ValueError as error:
        _refuse(f"Invalid URL format for field '{name}': {error}")
    if value["url"] and scheme.lower() not in ("http", "https"):
        _refuse(f"Invalid URL protocol for field '{name}': URL must use http or https protocol")
    return value


def _settled_reference(context: Context, name: str, config: Json, value: Mapping[str, Json]) -> Mapping[str, Json]:
    kind = str(value.get("type", ""))
    resource = context.contract.by_entity.get(kind)
    if resource is None or (isinstance(config, list) and config and kind not in config):
        allowed = ", ".join(config) if isinstance(config, list) else "a type of record"
        _refuse(f"Custom field {name} refers to {kind or 'no type'}; expected {allowed}")
    wanted = value.get("id") or value.get("fullyQualifiedName")
    by_id = context.world.record(str(value["id"]).lower()) if value.get("id") else None
    found = by_id or context.world.find(resource.name, str(value.get("fullyQualifiedName", "")))
    if found is None or found.resource != resource.name or found.deleted:
        _refuse(f"Custom field {name} refers to {kind} {wanted}, which does not exist")
    return {**value, "id": found.id}


def _settled_references(context: Context, name: str, config: Json, value: list[Json]) -> list[Json]:
    return [_settled_reference(context, name, config, each) for each in value]


SETTLED: Mapping[str, Callable[[Context, str, Json, Any], Json]] = {
    **dict.fromkeys(FORMATS, _settled_date),
    "enum": _settled_enum,
    "table-cp": _settled_table,
    "hyperlink-cp": _settled_link,
    "entityReference": _settled_reference,
    "entityReferenceList": _settled_references,
}


def _json(value: Json) -> str:
    return orjson.dumps(value).decode()


def _refuse(message: str) -> NoReturn:
    raise Problem(400, message)
