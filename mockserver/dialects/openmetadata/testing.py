"""What a test of data must be like: of what its definition is for, and with the parameters that this one takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import ge, le
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.dialects.openmetadata.placing import has_item
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Record

Json = Any
NUMBERS = frozenset(("NUMBER", "INT", "FLOAT", "DOUBLE", "DECIMAL"))
# Platforms that check parameters themselves, and a definition whose parameters depend on the other table.
UNCHECKED = frozenset(("GreatExpectations",))
OPEN = "tableDiff"
CLOSE = 0.0001
COLUMN = "Column test case must have a field name and an array field name in the entity link."
FORM = "e.g. <#E::table::{entityFqn}::columns::{columnName}>"


def check(context: Context, data: Mapping[str, Json], links: Mapping[str, Links], record: Record | None) -> None:
    """Refuses a test that its definition is not for, or that has other parameters than this one's."""
    tested = context.resource.quality.tested
    if tested is None:
        return
    ids = links.get(tested.definition) or ({} if record is None else context.world.links(record.id, tested.definition))
    definition = next((found for id in ids if (found := context.world.record(id)) is not None), None)
    if definition is None:
        return
    about = context.resource.quality.about
    link = None if about is None else parsed(str(data.get(about.by)))
    if definition.data["entityType"] == "COLUMN" and (link is None or link.item is None):
        raise Problem(400, f"{COLUMN} {FORM}")
    for name in data.get(tested.columns, ()):
        _check_column(context, data, name)
    _check_values(definition, data.get(tested.values))


def _check_column(context: Context, data: Mapping[str, Json], name: str) -> None:
    about = context.resource.quality.about
    link = None if about is None else parsed(str(data.get(about.by)))
    target = None if link is None else context.contract.by_entity.get(link.kind)
    found = None if link is None or target is None else context.world.find(target.name, link.name)
    if found is None or target is None or "columns" not in target.nested:
        return
    if not has_item(found.data["columns"], target.nested["columns"], name):
        raise Problem(400, f"Invalid column name {name}")


def _check_values(definition: Record, given: list[Json] | None) -> None:
    known = {each["name"]: each for each in definition.data.get("parameterDefinition", ()) if "name" in each}
    if given is None:
        return
    if given and not known:
        raise Problem(400, "Parameter Values doesn't match Test Definition Parameters")
    if definition.name == OPEN or not UNCHECKED.isdisjoint(definition.data["testPlatforms"]):
        return
    values = {str(each.get("name")): each.get("value") for each in given}
    for name in values:
        if name not in known:
            message = f"Parameter '{name}' is not defined in the test definition. Defined parameters are: "
            raise Problem(400, f"{message}[{', '.join(known)}]")
    for name, parameter in known.items():
        if parameter.get("required") and values.get(name) is None:
            raise Problem(400, f"Required parameter {name} is not passed in parameterValues")
        if values.get(name):
            _check_type(parameter, values[name])
            _check_rule(parameter, values)


def _check_type(parameter: Mapping[str, Json], value: str) -> None:
    kind, options = parameter.get("dataType"), parameter.get("optionValues")
    if options and value not in options:
        raise Problem(400, f"Parameter '{parameter['name']}' is '{value}', not one of {', '.join(map(str, options))}")
    if kind in NUMBERS and _number(value) is None:
        raise Problem(400, f"Parameter '{parameter['name']}' is '{value}', which is no {kind}")
    if kind == "BOOLEAN" and value.lower() not in ("true", "false"):
        raise Problem(400, f"Parameter '{parameter['name']}' is '{value}', neither true nor false")


def _number(value: Json) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _check_rule(parameter: Mapping[str, Json], values: Mapping[str, Json]) -> None:
    """Holds two numbers to how the definition says that they compare; what is no number is not compared."""
    rule = parameter.get("validationRule") or {}
    one, other = _number(values[parameter["name"]]), _number(values.get(str(rule.get("parameterField"))))
    if one is None or other is None:
        return
    for name, holds, words in RULES:
        if name == rule.get("rule") and not holds(one, other):
            raise Problem(400, f"Value {one} {words} {other}")


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE


def _rules() -> Iterator[tuple[str, Callable[[float, float], bool], str]]:
    yield "GREATER_THAN_OR_EQUALS", ge, "is not greater than"
    yield "LESS_THAN_OR_EQUALS", le, "is not less than"
    yield "EQUALS", _is_close, "is not equal to"
    yield "NOT_EQUALS", lambda one, other: not _is_close(one, other), "is equal to"


RULES = tuple(_rules())
