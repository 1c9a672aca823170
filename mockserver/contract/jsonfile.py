"""Reads JSON the quick way, and leaves all that is out of the ordinary to the YAML reader, which can say where."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from mockserver.contract.budget import Budget

Json = Any

JSON_START = re.compile(r"\s*[\[{\"]")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class NotPlainJson(ValueError):
    """This text is not JSON."""


class RefusedJson(NotPlainJson):
    """This text reads as JSON as far as something in it that is refused."""


def looks_like_json(text: str) -> bool:
    """Whether it is worth trying to read the text as JSON."""
    return JSON_START.match(text) is not None


def read_json(text: str, budget: Budget) -> Json:
    """The value of a JSON text; NotPlainJson for all that does not simply load."""
    try:
        value = json.loads(text, object_pairs_hook=_mapping, parse_constant=_refuse)
    except NotPlainJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotPlainJson(str(error)) from None
    _admit(value, budget)
    if halves(text, value):
        raise RefusedJson("half a character")
    return value


def halves(text: str, value: Json) -> bool:
    """Whether an escape in `text` put half a character, which no file or answer can carry, into its value."""
    if not SURROGATE.search(text):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def as_yaml(text: str) -> str:
    """A JSON text with its two-part escapes for one character, which YAML lacks, written the way YAML has them."""
    if not SURROGATE.search(text):
        return text
    return PAIR.sub(lambda match: f"{match[1]}\\U{_code_point(match[2], match[3]):08x}", text)


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)


def _mapping(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise RefusedJson("a key is written twice")
    return value


def _refuse(constant: str) -> NoReturn:
    raise NotPlainJson(f"{constant} is not JSON")


def _admit(value: Json, budget: Budget) -> None:
    """Refuses a value beyond the budget, level by level, and floats that no JSON text can carry."""
    level, depth, nodes = [value], 0, 0
    while level:
        nodes += len(level)
        if nodes > budget.nodes or depth > budget.depth:
            raise RefusedJson("beyond the budget")
        depth += 1
        below: list[Json] = []
        for item in level:
            kind = item.__class__
            if kind is dict:
                below.extend(item.values())
            elif kind is list:
                below.extend(item)
            elif kind is float and math.isinf(item):
                raise RefusedJson("a number too large for a float")
        level = below
