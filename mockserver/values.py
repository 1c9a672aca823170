"""What is asked of JSON values wherever they are handled: are two the same, and how deep does one go."""

from __future__ import annotations

from typing import Any

import orjson

Json = Any
# Deeper values are refused wherever they come from: what answers them wraps them once or twice more.
DEEPEST = 100


def same(one: Json, other: Json) -> bool:
    """Equality as JSON has it: unlike in Python, true is not 1; the order of members does not matter."""
    if one != other:
        return False
    return isinstance(one, str) or orjson.dumps(one) == orjson.dumps(other) or _same(one, other)


def _same(one: Json, other: Json) -> bool:
    """The same for values that Python takes for equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool)


def is_deeper(value: Json, levels: int = DEEPEST) -> bool:
    """Whether objects and lists are nested in more than so many levels."""
    layer = [value]
    for _ in range(levels + 1):
        holders = [each for each in layer if isinstance(each, dict | list)]
        if not holders:
            return False
        layer = [item for each in holders for item in (each.values() if isinstance(each, dict) else each)]
    return True
