"""JSON pointers are written, split and followed as RFC 6901 has it."""

from __future__ import annotations

import pytest

from mockserver.contract.pointer import Missing, follow, join, parents, split

STEPS = ["paths", "/v1/tables/{id}", "a~b", "~1", "", "0"]


def test_splitting_undoes_joining() -> None:
    assert split(join(STEPS)) == STEPS
    assert join(STEPS) == "/paths/~1v1~1tables~1{id}/a~0b/~01//0"


def test_a_pointer_begins_with_a_slash() -> None:
    with pytest.raises(ValueError, match="starts with '/'"):
        split("paths")


def test_the_parents_of_a_pointer_end_with_the_whole_document() -> None:
    assert list(parents("/a/b")) == ["/a/b", "/a", ""]


def test_following_goes_through_mappings_and_lists() -> None:
    assert follow({"a": [{"b": 1}, {"b": 2}]}, ["a", "1", "b"]) == 2


@pytest.mark.parametrize("step", ["2", "-1", "01", "x", "", "9" * 5000, "²"])
def test_a_step_that_is_no_index_of_a_list_is_missing(step: str) -> None:
    with pytest.raises(Missing) as caught:
        follow({"a": [0, 1]}, ["a", step])
    assert (caught.value.token, caught.value.inside, caught.value.at) == (step, [0, 1], "/a")
