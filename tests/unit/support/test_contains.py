"""Tests that the sample matcher lets more through, nothing less, and says where the first difference is."""

from __future__ import annotations

import json

import pytest

from tests.support.contains import assert_contains, difference

TEAM = {"id": "7", "name": "Accounting", "version": 0.2, "deleted": False, "owners": [{"id": "1", "type": "user"}]}


def test_an_answer_contains_itself() -> None:
    assert difference(TEAM, TEAM) is None


def test_an_answer_may_hold_more_members_than_its_sample() -> None:
    assert difference(TEAM, {"name": "Accounting", "owners": [{"id": "1"}]}) is None


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ({"title": "x"}, "at $: no member 'title'; there are 'id', 'name', 'version', 'deleted', 'owners'"),
        ({"name": "Sales"}, 'at $.name: expected "Sales", found "Accounting"'),
        ({"owners": [{"type": "team"}]}, 'at $.owners[0].type: expected "team", found "user"'),
        ({"owners": []}, 'at $.owners: expected 0 items, found 1: [{"id": "1", "type": "user"}]'),
        ({"owners": [{}, {}]}, 'at $.owners: expected 2 items, found 1: [{"id": "1", "type": "user"}]'),
        ({"owners": {}}, 'at $.owners: expected an object, found [{"id": "1", "type": "user"}]'),
        ({"name": ["Accounting"]}, 'at $.name: expected a list, found "Accounting"'),
        ({"deleted": 0}, "at $.deleted: expected 0, found false"),
        ({"version": "0.2"}, 'at $.version: expected "0.2", found 0.2'),
        ({"id": None}, 'at $.id: expected null, found "7"'),
    ],
)
def test_the_first_difference_is_named_with_its_place(sample: object, words: str) -> None:
    assert difference(TEAM, sample) == words


def test_whole_numbers_match_however_they_are_written() -> None:
    assert difference({"version": 1.0}, {"version": 1}) is None


def test_json_texts_are_compared_as_what_they_hold() -> None:
    answer = {"versions": [json.dumps({"version": 0.2, "name": "a"}), '{"version":0.1}']}
    assert difference(answer, {"versions": ['{"name": "a"}', '{"version": 0.1}']}) is None
    assert difference(answer, {"versions": ['{"name": "b"}', "{}"]}) == (
        'at $.versions[0](as JSON).name: expected "b", found "a"'
    )


def test_a_text_that_only_looks_like_json_is_a_text() -> None:
    assert difference("{a}", "{a}") is None
    assert difference("{a}", '{"a": 1}') == 'at $: expected "{\\"a\\": 1}", found "{a}"'


def test_the_assertion_shows_both_sides() -> None:
    with pytest.raises(AssertionError, match=r"at \$: no member 'b'.*\nthe sample: .*\nthe answer: "):
        assert_contains({"a": 1}, {"b": 1})
    assert_contains({"a": 1, "b": 1}, {"b": 1})


def test_a_long_value_is_cut_in_the_explanation() -> None:
    assert difference("x" * 500, "y") == f'at $: expected "y", found "{"x" * 196}...'
