"""Says whether an answer contains an expected sample, and if not, where the two first part."""

from __future__ import annotations

import json


def assert_contains(actual: object, sample: object) -> None:
    """Fails with the first difference when `actual` does not hold everything that `sample` holds."""
    found = difference(actual, sample)
    if found is not None:
        raise AssertionError(f"{found}\nthe sample: {_short(sample, 2000)}\nthe answer: {_short(actual, 2000)}")


def difference(actual: object, sample: object, at: str = "$") -> str | None:
    """The first place where `actual` lacks what `sample` shows, in words; None when it lacks nothing.

    An object may hold more members than its sample. A list holds as many items as its sample, in the same order.
    Texts that hold a JSON object or list on both sides are compared as what they hold.
    """
    if isinstance(sample, dict):
        return _object_difference(actual, sample, at)
    if isinstance(sample, list):
        return _list_difference(actual, sample, at)
    return _leaf_difference(actual, sample, at)


def _object_difference(actual: object, sample: dict[str, object], at: str) -> str | None:
    if not isinstance(actual, dict):
        return f"at {at}: expected an object, found {_short(actual)}"
    for name, value in sample.items():
        if name not in actual:
            return f"at {at}: no member {name!r}; there are {', '.join(map(repr, actual)) or 'none'}"
        found = difference(actual[name], value, f"{at}.{name}")
        if found is not None:
            return found
    return None


def _list_difference(actual: object, sample: list[object], at: str) -> str | None:
    if not isinstance(actual, list):
        return f"at {at}: expected a list, found {_short(actual)}"
    for index, (item, value) in enumerate(zip(actual, sample, strict=False)):
        found = difference(item, value, f"{at}[{index}]")
        if found is not None:
            return found
    if len(actual) != len(sample):
        return f"at {at}: expected {len(sample)} items, found {len(actual)}: {_short(actual)}"
    return None


def _leaf_difference(actual: object, sample: object, at: str) -> str | None:
    held, expected = _document(actual), _document(sample)
    if held is not None and expected is not None:
        return difference(held, expected, f"{at}(as JSON)")
    # Python takes True for 1; JSON does not.
    if isinstance(actual, bool) is isinstance(sample, bool) and actual == sample:
        return None
    return f"at {at}: expected {_short(sample)}, found {_short(actual)}"


def _document(text: object) -> dict[str, object] | list[object] | None:
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        held = json.loads(text)
    except ValueError:
        return None
    return held if isinstance(held, (dict, list)) else None


def _short(value: object, limit: int = 200) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
