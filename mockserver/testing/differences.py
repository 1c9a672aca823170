"""Where a JSON value and what was expected of it first part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockserver.contract.pointer import escape

Json = Any
LONGEST = 200


def difference(expected: Json, actual: Json, at: str, *, whole: bool = True) -> str | None:
    """The first difference in words, placed by `at` and a JSON pointer; None when there is none.

    Unless the `whole` is compared, objects may have more members than expected. What is no JSON decides by its `==`.
    """
    return _difference(expected, actual, at, "", whole)


def _difference(expected: Json, actual: Json, at: str, pointer: str, whole: bool) -> str | None:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _in_objects(expected, actual, at, pointer, whole)
    if isinstance(expected, list) and isinstance(actual, list):
        return _in_lists(expected, actual, at, pointer, whole)
    if _alike(expected, actual):
        return None
    return f"{_place(at, pointer)}: expected {shown(expected)}, got {shown(actual)}"


def _in_objects(
    expected: Mapping[str, Json], actual: Mapping[str, Json], at: str, pointer: str, whole: bool
) -> str | None:
    for name, value in expected.items():
        if name not in actual:
            return f"{_place(at, pointer)}: expected a member {name!r}, got {', '.join(map(repr, actual)) or 'none'}"
        found = _difference(value, actual[name], at, f"{pointer}/{escape(name)}", whole)
        if found is not None:
            return found
    surplus = next((name for name in actual if name not in expected), None) if whole else None
    return None if surplus is None else f"{_place(at, pointer)}: a member {surplus!r} was not expected"


def _in_lists(expected: list[Json], actual: list[Json], at: str, pointer: str, whole: bool) -> str | None:
    for position, (value, item) in enumerate(zip(expected, actual, strict=False)):
        found = _difference(value, item, at, f"{pointer}/{position}", whole)
        if found is not None:
            return found
    if len(expected) != len(actual):
        return f"{_place(at, pointer)}: expected {len(expected)} items, got {len(actual)}"
    return None


def _alike(expected: Json, actual: Json) -> bool:
    if isinstance(expected, bool | int | float) and isinstance(expected, bool) != isinstance(actual, bool):
        return False  # to Python, 1 is True
    return bool(expected == actual)


def _place(at: str, pointer: str) -> str:
    return f"{at} {pointer}" if pointer else at


def shown(value: Json) -> str:
    """A value as JSON, cut where it gets long."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
