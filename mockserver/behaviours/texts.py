"""Bodies that are YAML rather than JSON, read safely and held to the contract's schemas, and answers in YAML."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.contract.problem import ContractError
from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem, Violation
from mockserver.values import DEEPEST, is_deeper

Json = Any


def body_of(context: Context, schema: str | None) -> dict[str, Json]:
    """The body as an object, of a component schema if one is named; a text is read as YAML."""
    body = context.body
    if not isinstance(body, str):
        read: dict[str, Json] = body
        return read
    value = _read(body)
    if not isinstance(value, dict):
        raise Problem.of([Violation("body", "the YAML is no mapping")])
    if is_deeper(value, DEEPEST):
        raise Problem.of([Violation("body", f"is nested deeper than {DEEPEST} levels")])
    if schema is not None and (found := violations_of(context.contract, schema, value)):
        raise Problem.of([Violation(f"body {each.where}", each.message) for each in found])
    return value


def _read(text: str) -> Json:
    from mockserver.contract.yamlfile import load_yaml

    try:
        return load_yaml(text.encode(), "body").value
    except ContractError as error:
        raise Problem.of([Violation("body", f"is not YAML: {error}")]) from None


def in_media_type(context: Context, value: Json) -> Answer:
    """A value in the media type that the operation answers."""
    media_type = context.operation.produces[0]
    if "yaml" not in media_type:
        return Answer(200, value)
    import yaml

    return Answer(200, yaml.safe_dump(value, sort_keys=False, allow_unicode=True).encode(), media_type=media_type)
