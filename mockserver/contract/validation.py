"""Validators made from a contract's schemas, and their errors in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.contract.model import Contract
from mockserver.contract.pointer import join
from mockserver.contract.problem import nearest
from mockserver.contract.reference import resolved
from mockserver.exchange import Violation

if TYPE_CHECKING:
    import jsonschema_rs

Json = Any
MOST_VIOLATIONS = 50
LONGEST_MESSAGE = 300
# A long value stands in front of what is wrong with it.
END = 80
# What a schema that these keywords make up says of an object, it says of each member apart from the others.
MEMBER_BY_MEMBER = frozenset(
    ("type", "properties", "required", "additionalProperties", "title", "description", "example", "examples")
)


def compile_schema(contract: Contract, schema: Mapping[str, Json]) -> jsonschema_rs.Draft202012Validator:
    """A validator of the schema, whose `#/components/…` references mean this contract's."""
    # What a start may never need.
    from mockserver.contract.patterns import validator_for

    return validator_for(schema, contract.parts)


def component(contract: Contract, name: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a component schema, compiled when it is first used."""
    validators = contract.validators
    validator: jsonschema_rs.Draft202012Validator | None = validators.get(name)
    if validator is None:
        validator = validators[name] = compile_schema(contract, {"$ref": f"#/components/schemas/{name}"})
    return validator


def violations_of(contract: Contract, name: str, value: Json) -> list[Violation]:
    """What is wrong with a value of a component schema; locations are JSON pointers."""
    return check(component(contract, name), value, where)


def stays_good(contract: Contract, name: str, value: Json, changed: Collection[str]) -> bool:
    """Whether a good value of a component schema surely is one again after these members changed.

    False where the schema says more of an object than what its members are: then all of it has to be looked at.
    """
    validators, key = contract.validators, f"{name}/properties"
    if key not in validators:
        validators[key] = _members(contract, resolved(contract.parts, {"$ref": f"#/components/schemas/{name}"}))
    if validators[key] is None:
        return False
    required, validator = validators[key]
    part = {member: value[member] for member in changed if member in value}
    return all(member in part or member not in required for member in changed) and validator.is_valid(part)


def _members(contract: Contract, schema: Json) -> tuple[frozenset[str], jsonschema_rs.Draft202012Validator] | None:
    """What an object must have, and a validator of any of its members; None where a schema says more."""
    if not (schema.keys() <= MEMBER_BY_MEMBER and schema.get("type") == "object"):
        return None
    members = {keyword: each for keyword, each in schema.items() if keyword != "required"}
    return frozenset(schema.get("required", ())), compile_schema(contract, members)


def where(path: list[str | int]) -> str:
    """The JSON pointer of a place in a value; `/` for the value itself."""
    return join(path) or "/"


def check(
    validator: jsonschema_rs.Draft202012Validator, value: Json, where: Callable[[list[str | int]], str]
) -> list[Violation]:
    """Every violation, up to MOST_VIOLATIONS, in the schema's order."""
    if validator.is_valid(value):
        return []
    violations = []
    for error in validator.iter_errors(value):
        place, told = where(list(error.instance_path)), error.kind.as_dict()
        limit = next(iter(told.values()), None)
        violations.append(Violation(place, _message(error), error.kind.name, limit))
        if len(violations) == MOST_VIOLATIONS:
            break
    return violations


def _message(error: jsonschema_rs.ValidationError) -> str:
    """The error in words, not too long, with the nearest of the words that may stand there."""
    message = (
        error.message
        if len(error.message) <= LONGEST_MESSAGE
        else f"{error.message[: LONGEST_MESSAGE - END]}…{error.message[-END:]}"
    )
    options = error.kind.as_dict().get("options")
    if not isinstance(error.instance, str) or not isinstance(options, list):
        return message
    hint = nearest(error.instance, (option for option in options if isinstance(option, str)))
    return f"{message}; did you mean {hint!r}?" if hint else message
