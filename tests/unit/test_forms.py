"""Forms: what they take, what they refuse, and what they say then."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.exchange import Problem
from mockserver.forms import (
    MOST_FOUND,
    Form,
    anything,
    closed,
    exactly,
    fill,
    flag,
    integer,
    mapping,
    number,
    optional,
    sequence,
    text,
)

PERSON = closed({"name": text()}, {"age": integer(0, 150), "a/b": anything})


def refusal(form: Form, value: Any) -> str:
    with pytest.raises(Problem) as caught:
        fill(form, value)
    assert caught.value.status == 400
    return caught.value.message


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (PERSON, {"name": "Ann", "age": 150}),
        (mapping(flag), {"any": True, "": False}),
        (sequence(number(0, 1)), [0, 0.5, 1]),
        (text(r"\d+", "digits"), "12"),
        (text(), "two\nlines"),
        (exactly("a", 1), 1),
        (optional(text()), None),
    ],
)
def test_what_is_right_passes(form: Form, value: Any) -> None:
    fill(form, value)


@pytest.mark.parametrize(
    ("form", "value", "message"),
    [
        (PERSON, [], "body: must be an object with name, age, a/b"),
        (closed({}), 1, "body: must be an empty object"),
        (PERSON, {"nmae": "Ann"}, "body /nmae: is not known; did you mean 'name'?; body: needs 'name'"),
        (PERSON, {"name": "Ann", "zzz": 1}, "body /zzz: is not known; known are name, age, a/b"),
        (PERSON, {"name": ""}, "body /name: must be a text that is not empty, not ''"),
        (PERSON, {"name": None}, "body /name: must be a text that is not empty, not null"),
        (PERSON, {"name": "Ann", "age": True}, "body /age: must be a whole number from 0 to 150, not true"),
        (PERSON, {"name": "Ann", "age": 1.0}, "body /age: must be a whole number from 0 to 150, not 1.0"),
        (integer(0, 5), 6, "body: must be a whole number from 0 to 5, not 6"),
        (number(0, 0.5), 0.6, "body: must be a number from 0 to 0.5, not 0.6"),
        (number(0, 1), {}, "body: must be a number from 0 to 1, not an object"),
        (flag, 1, "body: must be true or false, not 1"),
        (mapping(flag), [], "body: must be an object"),
        (sequence(flag), {}, "body: must be a list"),
        (sequence(sequence(flag)), [[True], [3]], "body /1/0: must be true or false, not 3"),
        (mapping(mapping(flag)), {"a/b": {"~": 1}}, "body /a~1b/~0: must be true or false, not 1"),
        (exactly("a", 1), True, "body: must be 'a' or 1, not true"),
        (text(r"\d+", "digits"), "1\n", "body: must be digits, not '1\\n'"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_what_would_be_right(form: Form, value: Any, message: str) -> None:
    assert refusal(form, value) == message


def test_everything_wrong_is_told_at_once_the_first_three_in_the_message() -> None:
    with pytest.raises(Problem) as caught:
        fill(sequence(flag), [1, 2, 3, 4, 5])

    assert caught.value.message.endswith("; and 2 more")
    assert [violation.where for violation in caught.value.violations] == [f"body /{at}" for at in range(5)]


def test_there_is_an_end_to_what_is_told() -> None:
    with pytest.raises(Problem) as caught:
        fill(sequence(flag), [0] * 10_000)

    assert len(caught.value.violations) == MOST_FOUND
