"""Where two JSON values part."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from mockserver.testing.differences import LONGEST, difference, shown

ALIKE: list[tuple[Any, Any]] = [
    ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
    (1, 1.0),
    (ANY, {"a": 1}),
    ([ANY, "x"], [True, "x"]),
    (True, True),
]
DIFFERENT: list[tuple[Any, Any, str]] = [
    ("a", "b", 'body: expected "a", got "b"'),
    (True, 1, "body: expected true, got 1"),
    (1, True, "body: expected 1, got true"),
    (None, 0, "body: expected null, got 0"),
    ({"a": 1}, [1], 'body: expected {"a": 1}, got [1]'),
    ({"a": {"b/c": [0, 1]}}, {"a": {"b/c": [0, 2]}}, "body /a/b~1c/1: expected 1, got 2"),
    ({"a": 1}, {"b": 1}, "body: expected a member 'a', got 'b'"),
    ({"a": {"b": 1}}, {"a": {}}, "body /a: expected a member 'b', got none"),
    ({}, {"a": 1}, "body: a member 'a' was not expected"),
    ([1], [1, 2], "body: expected 1 items, got 2"),
    ({"a": [1, 2]}, {"a": [1]}, "body /a: expected 2 items, got 1"),
]


@pytest.mark.parametrize(("expected", "actual"), ALIKE)
def test_values_that_are_alike_do_not_differ(expected: Any, actual: Any) -> None:
    assert difference(expected, actual, "body") is None


@pytest.mark.parametrize(("expected", "actual", "said"), DIFFERENT)
def test_the_first_difference_is_said_with_its_place(expected: Any, actual: Any, said: str) -> None:
    assert difference(expected, actual, "body") == said


def test_a_part_may_lack_members_at_any_depth_but_no_items() -> None:
    whole = {"a": [{"b": 1, "c": 2}], "d": 3}

    assert difference({"a": [{"b": 1}]}, whole, "body", whole=False) is None
    assert difference({"a": []}, whole, "body", whole=False) == "body /a: expected 0 items, got 1"


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 1000)) == LONGEST
    assert shown("é") == '"é"'
    assert shown({1, 2}) == '"{1, 2}"'
