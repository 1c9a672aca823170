"""Where keywords stand in an OpenAPI document, told apart from names that somebody chose and from plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockserver.contract.pointer import Token, join

Json = Any
# The way from the root of a document to a value, last step first; turned into a pointer only when somebody asks.
Trail = tuple["Trail", Token] | None

NAMES = frozenset(
    [
        "callbacks",
        "content",
        "definitions",
        "$defs",
        "dependentRequired",
        "dependentSchemas",
        "encoding",
        "examples",
        "headers",
        "links",
        "mapping",
        "mediaTypes",
        "parameters",
        "pathItems",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "scopes",
        "securitySchemes",
        "variables",
        "webhooks",
    ]
)
DATA = frozenset(["const", "dataValue", "default", "enum", "example", "value"])
SCHEMA_KEYWORDS = frozenset(
    [
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "itemSchema",
        "not",
        "propertyNames",
        "schema",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
SCHEMA_HOLDERS = frozenset(
    [
        "allOf",
        "anyOf",
        "$defs",
        "definitions",
        "dependentSchemas",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "properties",
        "schemas",
    ]
)


def pointer_of(trail: Trail) -> str:
    """The JSON pointer of a trail."""
    steps: list[Token] = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    return join(reversed(steps))


def trail_of(steps: Iterable[Token]) -> Trail:
    """The trail that takes these steps from the root."""
    trail: Trail = None
    for step in steps:
        trail = (trail, step)
    return trail


def is_data(key: str, value: Json) -> bool:
    """Whether what stands under this keyword is data, in which nothing has a meaning to us."""
    return key in DATA or key.startswith("x-") or (key == "examples" and isinstance(value, list))


def objects(value: Json, trail: Trail = None) -> Iterator[tuple[Trail, dict[str, Json]]]:
    """Every object whose keys are keywords, in the order of the document."""
    pending: list[tuple[Json, Trail, bool]] = [(value, trail, False)]
    below: list[tuple[Json, Trail, bool]]
    while pending:
        node, way, named = pending.pop()
        if isinstance(node, list):
            below = [(item, (way, index), False) for index, item in enumerate(node) if isinstance(item, dict | list)]
        elif not isinstance(node, dict):
            continue
        elif named:
            below = [(item, (way, key), False) for key, item in node.items() if isinstance(item, dict | list)]
        else:
            yield way, node
            below = [
                (item, (way, key), key in NAMES)
                for key, item in node.items()
                if isinstance(item, dict | list) and not is_data(key, item)
            ]
        pending.extend(reversed(below))


def is_schema_place(trail: Trail) -> bool:
    """Whether a schema stands at the end of this trail."""
    if trail is None:
        return False
    above, step = trail
    holder = above[1] if above is not None else None
    return step in SCHEMA_KEYWORDS or holder in SCHEMA_HOLDERS
