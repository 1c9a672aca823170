"""Arguments outside the body as typed values, and everything that is wrong with them at once."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.engine.arguments import Arguments
from mockserver.exchange import Call
from tests.support.contracts import operation

Json = Any


def parameter(name: str, schema: Json, place: str = "query", **more: Json) -> Json:
    return {"name": name, "in": place, "schema": schema, "required": place == "path", **more}


def read(
    parameters: list[Json], query: str = "", path: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> tuple[dict[str, Json], list[str]]:
    arguments = Arguments(*operation(parameters, Limit={"type": "integer", "maximum": 9, "default": 3}))
    found, violations = arguments.read(Call("PUT", "/", query, headers or {}), path or {})
    return found, [str(violation) for violation in violations]


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, "-7", -7),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "number"}, "2e3", 2000.0),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "false", False),
        ({"type": "string"}, "12", "12"),
        ({"type": "string"}, "", ""),
        ({}, "12", "12"),
    ],
)
def test_a_text_becomes_a_value_of_its_type(schema: Json, text: str, value: Json) -> None:
    assert read([parameter("a", schema)], f"a={text}") == ({"a": value}, [])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("integer", text) for text in ("", "1.0", "01", "+1", "1e3", "0x1", "1_000", "9" * 40, "%D9%A1", "true")),
        *(("number", text) for text in ("", "NaN", "inf", "1,5", ".5", "0x1")),
        *(("boolean", text) for text in ("", "True", "1", "yes", "on", "FALSE")),
    ],
)
def test_a_text_that_is_no_value_of_its_type_is_refused(kind: str, text: str) -> None:
    _, violations = read([parameter("a", {"type": kind})], f"a={text}")
    assert len(violations) == 1
    assert violations[0].startswith("query a: ")
    assert violations[0].endswith(f'is not of type "{kind}"')


LIST = {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("explode", "query", "value"),
    [
        (True, "a=1&a=2", [1, 2]),
        (True, "a=1", [1]),
        (False, "a=1,2", [1, 2]),
        (False, "a=+1,+2+", [1, 2]),
        (False, "a=%31%2C2", [1, 2]),
    ],
)
def test_a_list_is_written_once_with_commas_or_item_by_item(explode: bool, query: str, value: list[int]) -> None:
    assert read([parameter("a", LIST, explode=explode)], query) == ({"a": value}, [])


@pytest.mark.parametrize(("query", "where"), [("a=", "query a/0"), ("a=1,", "query a/1"), ("a=x,2", "query a/0")])
def test_a_list_is_refused_by_the_place_of_its_item(query: str, where: str) -> None:
    _, violations = read([parameter("a", LIST, explode=False)], query)
    assert [violation.partition(":")[0] for violation in violations] == [where]


def test_defaults_are_filled_in_also_through_a_reference() -> None:
    limit, plain = parameter("limit", {"$ref": "#/components/schemas/Limit"}), parameter("b", {"default": "x"})
    assert read([limit, plain]) == ({"limit": 3, "b": "x"}, [])
    assert read([limit, plain], "limit=5&b=") == ({"limit": 5, "b": ""}, [])
    assert read([limit], "limit=10")[1] == ["query limit: 10 is greater than the maximum of 9"]


def test_everything_wrong_is_told_with_its_place() -> None:
    parameters = [
        parameter("id", {"type": "string", "format": "uuid"}, "path"),
        parameter("limit", {"type": "integer", "minimum": 0}),
        parameter("fields", {"type": "array", "items": {"enum": ["a", "b"]}}, explode=False),
        parameter("wanted", {"type": "string"}, required=True),
    ]
    _, violations = read(parameters, "limit=-1&fields=a,c", {"id": "nonsense"})
    assert sorted(violations) == [
        'path id: "nonsense" is not a "uuid"',
        'query fields/1: "c" is not one of "a" or "b"',
        "query limit: -1 is less than the minimum of 0",
        'request: "query wanted" is a required property',
    ]


def test_unknown_arguments_are_left_alone() -> None:
    assert read([parameter("a", {"type": "string"})], "b=1&a=2&c") == ({"a": "2"}, [])


def test_arguments_come_from_headers_and_cookies_too() -> None:
    parameters = [
        parameter("X-Count", {"type": "integer"}, "header"),
        parameter("flavour", {"type": "string"}, "cookie"),
    ]
    given = {"x-count": "3", "cookie": "a=b; flavour=plain; c"}
    assert read(parameters, headers=given) == ({"X-Count": 3, "flavour": "plain"}, [])
    assert read(parameters) == ({}, [])


def test_arguments_of_one_name_in_two_places_do_not_hide_each_other_from_the_check() -> None:
    parameters = [parameter("id", {"type": "integer"}, "path"), parameter("id", {"type": "integer"})]
    assert read(parameters, "id=x", {"id": "y"})[1] == [
        'path id: "y" is not of type "integer"',
        'query id: "x" is not of type "integer"',
    ]
