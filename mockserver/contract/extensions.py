"""Checks our own keywords against the schema that documents them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest
from mockserver.contract.yamlfile import Document, load_yaml

Json = Any


@cache
def _schema() -> dict[str, Json]:
    text = Path(__file__).with_name("extensions.yaml").read_bytes()
    schema: dict[str, Json] = load_yaml(text, "extensions.yaml").value
    return schema


def keywords() -> list[str]:
    """The names of all our keywords."""
    return [name for name in _schema()["$defs"] if name.startswith("x-")]


@cache
def _validator(keyword: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{keyword}", "$defs": _schema()["$defs"]})


def check_keyword(document: Document, keyword: str, value: Json, at: str) -> list[Finding]:
    """What is wrong with the value of one of our keywords, which stands at the pointer `at` of the file."""
    return [document.finding(at + pointer, message, hint) for pointer, message, hint in faults(keyword, value)]


def faults(keyword: str, value: Json) -> list[tuple[str, str, str | None]]:
    """`(pointer inside the value, message, nearest valid name)` for everything wrong with a keyword's value."""
    found: list[tuple[str, str, str | None]] = []
    for error in _validator(keyword).iter_errors(value):
        path = list(error.instance_path)
        unexpected = getattr(error.kind, "unexpected", None)
        if unexpected is None:
            found.append((join(path), error.message, None))
            continue
        known = _known_names(list(error.schema_path))
        found.extend((join([*path, name]), f"unknown key '{name}'", nearest(name, known)) for name in unexpected)
    return found


def _known_names(path: list[str | int]) -> list[str]:
    """The properties that an object schema has, given the path of its `additionalProperties`."""
    schema: Json = _schema()
    for step in path[:-1]:
        schema = schema[step]
    return list(schema.get("properties", ()))
