"""JSON Patch, step by step, with the cases of RFC 6902's own appendix among them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from mockserver.behaviours.jsonpatch import COPY_LIMIT, apply
from mockserver.exchange import Problem
from mockserver.values import DEEPEST

Json = Any


def step(op: str, path: str, **more: Json) -> dict[str, Json]:
    return {"op": op, "path": path, **{key.rstrip("_"): value for key, value in more.items()}}


DONE = [
    ({"a": 1}, step("add", "/b", value=2), {"a": 1, "b": 2}),
    ({"a": [1, 3]}, step("add", "/a/1", value=2), {"a": [1, 2, 3]}),
    ({"a": [1]}, step("add", "/a/1", value=2), {"a": [1, 2]}),
    ({"a": [1]}, step("add", "/a/-", value=[2]), {"a": [1, [2]]}),
    ({"a": 1}, step("add", "/a", value=None), {"a": None}),
    ({"a": 1}, step("add", "", value=[]), []),
    ({"a": 1, "b": 2}, step("remove", "/b"), {"a": 1}),
    ({"a": [1, 2, 3]}, step("remove", "/a/1"), {"a": [1, 3]}),
    ({"a": 1}, step("remove", ""), None),
    ({"a": 1}, step("replace", "/a", value={"b": 1}), {"a": {"b": 1}}),
    ({"a": [1, 2]}, step("replace", "/a/0", value=3), {"a": [3, 2]}),
    ({"a": 1}, step("replace", "", value=7), 7),
    ({"a": {"b": 1}, "c": {}}, step("move", "/c/d", from_="/a/b"), {"a": {}, "c": {"d": 1}}),
    ({"a": [1, 2, 3]}, step("move", "/a/2", from_="/a/0"), {"a": [2, 3, 1]}),
    ({"a": 1}, step("move", "/a", from_="/a"), {"a": 1}),
    ({"a": {"b": 1}}, step("copy", "/c", from_="/a"), {"a": {"b": 1}, "c": {"b": 1}}),
    ({"a": {"b": 1}}, step("copy", "/a/c", from_="/a"), {"a": {"b": 1, "c": {"b": 1}}}),
    ({"a": [1, {"b": 2.0}]}, step("test", "/a", value=[1.0, {"b": 2}]), {"a": [1, {"b": 2.0}]}),
    ({"~1": 10, "/": 9}, step("test", "/~01", value=10), {"~1": 10, "/": 9}),
    ({"": 1}, step("replace", "/", value=2), {"": 2}),
    ({"#0": 1, "größe": 2}, step("remove", "/größe"), {"#0": 1}),
    ({"a": {"0": 1, "-": 2}}, step("remove", "/a/-"), {"a": {"0": 1}}),
]


@pytest.mark.parametrize(("before", "done", "after"), DONE)
def test_a_step_does_what_its_name_says(before: Json, done: Json, after: Json) -> None:
    assert apply([done], deepcopy(before)) == after


REFUSED = [
    ({"a": 1}, step("add", "/b/c", value=1), "nothing is at '/b'"),
    ({"a": [1]}, step("add", "/a/2", value=1), "'2' is no place in a list of 1"),
    ({"a": [1]}, step("add", "/a/01", value=1), "'01' is no place in a list of 1"),
    ({"a": [1]}, step("add", "/a/-1", value=1), "'-1' is no place in a list of 1"),
    ({"a": [1]}, step("add", "/a/b", value=1), "'b' is no place in a list of 1"),
    ({"a": 1}, step("add", "/a/b", value=1), "'/a' is neither an object nor a list"),
    ({"a": "text"}, step("add", "/a/0", value=1), "'/a' is neither an object nor a list"),
    ({"a": 1}, step("remove", "/b"), "nothing is at '/b'"),
    ({"a": [1]}, step("remove", "/a/-"), "nothing is at '/a/-'"),
    ({"a": [1]}, step("remove", "/a/1"), "nothing is at '/a/1'"),
    ({"a": 1}, step("replace", "/b", value=1), "nothing is at '/b'"),
    ({"a": 1}, step("move", "/b", from_="/c"), "nothing is at '/c'"),
    ({"a": {"b": {}}}, step("move", "/a/b/c", from_="/a"), "'/a' cannot be moved into itself"),
    ({"a": 1}, step("copy", "/b", from_="/c"), "nothing is at '/c'"),
    ({"a": 1}, step("test", "/a", value=True), "the value is another one"),
    ({"a": 1}, step("test", "/b", value=None), "nothing is at '/b'"),
]


@pytest.mark.parametrize(("before", "refused", "reason"), REFUSED)
def test_a_step_that_cannot_be_done_is_refused_with_its_reason(before: Json, refused: Json, reason: str) -> None:
    with pytest.raises(Problem) as caught:
        apply([step("test", "", value=before), refused], deepcopy(before))
    assert caught.value.status == 400
    assert caught.value.message == f"[body /1: cannot {refused['op']} at '{refused['path']}': {reason}]"


def test_what_is_copied_is_no_part_of_where_it_came_from() -> None:
    patched = apply([step("copy", "/b", from_="/a"), step("add", "/b/x", value=1)], {"a": {}})
    assert patched == {"a": {}, "b": {"x": 1}}


def test_copies_of_copies_end_before_they_fill_the_memory() -> None:
    steps = [step("copy", f"/{position}", from_="") for position in range(60)]
    with pytest.raises(Problem, match=f"more than {COPY_LIMIT} bytes would be copied"):
        apply(steps, {"a": "x" * 100})


def test_a_record_cannot_be_nested_without_end() -> None:
    def steps(levels: int) -> list[dict[str, Json]]:
        return [step("add", "/a" * depth, value={}) for depth in range(1, levels)]

    assert apply(steps(DEEPEST), {})
    with pytest.raises(Problem, match=f"deeper than {DEEPEST} levels"):
        apply(steps(DEEPEST + 1), {})


def test_copies_cannot_nest_without_end_either() -> None:
    steps = [step("copy", "/a" * (depth + 1), from_="") for depth in range(20)]
    with pytest.raises(Problem, match="deeper than"):
        apply(steps, {})
