"""A good value of which some members changed is looked at member by member, where its schema allows that."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.validation import stays_good, violations_of
from tests.support.contracts import contract

Json = Any
MEMBERS = {
    "type": "object",
    "description": "A thing.",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "of": {"$ref": "#/components/schemas/Word"},
    },
}
GOOD = {"name": "a", "size": 1}


def stays(schema: Json, value: Json, *changed: str) -> bool:
    """What is said; it must never be good where all of the value is not."""
    made = contract({}, Thing=schema, Word={"enum": ["x", "y"]})
    good = stays_good(made, "Thing", value, changed)
    assert not good or violations_of(made, "Thing", value) == []
    return good


@pytest.mark.parametrize(
    ("value", "changed", "good"),
    [
        ({**GOOD, "size": 2}, ["size"], True),
        ({"name": "a"}, ["size"], True),
        (GOOD, [], True),
        ({**GOOD, "of": "x"}, ["of"], True),
        ({**GOOD, "of": "z"}, ["of"], False),
        ({**GOOD, "size": "2"}, ["size"], False),
        ({**GOOD, "other": 1}, ["other"], False),
        ({"size": 1}, ["name"], False),
        ({**GOOD, "name": None, "size": 2}, ["size", "name"], False),
    ],
)
def test_the_members_that_changed_decide(value: Json, changed: list[str], good: bool) -> None:
    assert stays(MEMBERS, value, *changed) is good


@pytest.mark.parametrize(
    "more",
    [{"minProperties": 2}, {"dependentRequired": {"size": ["of"]}}, {"not": {"required": ["size"]}}, {"allOf": [{}]}],
)
def test_a_schema_that_says_more_of_an_object_is_left_to_the_whole_check(more: Json) -> None:
    assert not stays({**MEMBERS, **more}, {**GOOD, "size": 2}, "size")


def test_a_schema_that_is_no_object_alone_is_left_to_the_whole_check() -> None:
    assert not stays({**MEMBERS, "type": ["object", "null"]}, {**GOOD, "size": 2}, "size")
