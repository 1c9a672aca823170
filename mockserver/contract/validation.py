"""Validators made from a contract's schemas, and their errors in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs

from mockserver.contract.model import Contract
from mockserver.contract.patterns import validator_for
from mockserver.exchange import Violation

Json = Any
MOST_VIOLATIONS = 50
LONGEST_MESSAGE = 300


def compile_schema(contract: Contract, schema: Mapping[str, Json]) -> jsonschema_rs.Draft202012Validator:
    """A validator of the schema, whose `#/components/…` references mean this contract's."""
    return validator_for(schema, contract.document)


def component(contract: Contract, name: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a component schema, compiled when it is first used."""
    validators = contract.validators
    if name not in validators:
        validators[name] = compile_schema(contract, {"$ref": f"#/components/schemas/{name}"})
    return validators[name]


def violations_of(contract: Contract, name: str, value: Json) -> list[Violation]:
    """What is wrong with a value of a component schema; locations are JSON pointers."""
    return check(component(contract, name), value, pointer)


def pointer(path: list[str | int]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path) if path else "/"


def check(
    validator: jsonschema_rs.Draft202012Validator, value: Json, where: Callable[[list[str | int]], str]
) -> list[Violation]:
    """Every violation, up to MOST_VIOLATIONS, in the schema's order."""
    if validator.is_valid(value):
        return []
    violations = []
    for error in validator.iter_errors(value):
        message = error.message if len(error.message) <= LONGEST_MESSAGE else error.message[:LONGEST_MESSAGE] + "…"
        violations.append(Violation(where(list(error.instance_path)), message))
        if len(violations) == MOST_VIOLATIONS:
            break
    return violations


def resolved(document: Mapping[str, Json], schema: Json) -> Json:
    """The schema that a chain of internal references leads to."""
    seen = 0
    while isinstance(schema, dict) and "$ref" in schema and seen < 100:
        schema = lookup(document, schema["$ref"])
        seen += 1
    return schema


def lookup(document: Mapping[str, Json], reference: str) -> Json:
    """What an internal reference `#/a/b` points to; KeyError when nothing stands there."""
    found: Json = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found
