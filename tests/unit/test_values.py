"""Equality and depth of JSON values."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.values import is_deeper, same

Json = Any


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (None, None),
        ({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}),
        ("é", "é"),
        ([], []),
        ({}, {}),
    ],
)
def test_values_that_json_takes_for_equal_are_the_same(one: Json, other: Json) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        ([1], [True]),
        ({"a": {"b": 0}}, {"a": {"b": False}}),
        ("1", 1),
        (None, False),
        ([], {}),
        ([1, 2], [2, 1]),
        ({"a": None}, {}),
        ([1], [1, 1]),
    ],
)
def test_values_that_json_tells_apart_are_not_the_same(one: Json, other: Json) -> None:
    assert not same(one, other)
    assert not same(other, one)


def nested(levels: int) -> Json:
    value: Json = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value, "b": 2}
    return value


@pytest.mark.parametrize("levels", [0, 1, 2, 5])
def test_a_value_is_as_deep_as_its_objects_and_lists_are_nested(levels: int) -> None:
    assert not is_deeper(nested(levels), levels)
    assert levels == 0 or is_deeper(nested(levels), levels - 1)


def test_empty_objects_and_lists_are_levels_too() -> None:
    assert is_deeper([[{}]], 2)
    assert not is_deeper([[{}]], 3)


def test_a_value_far_too_deep_is_measured_without_harm() -> None:
    assert is_deeper(nested(100_000))
