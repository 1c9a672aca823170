"""Bodies read by media type, and Accept headers."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.engine.bodies import Bodies, acceptable
from mockserver.exchange import Call, Problem
from mockserver.values import DEEPEST
from tests.support.contracts import operation

Json = Any
SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "n": {"type": "integer"}}}


def bodies(*media_types: str, required: bool = True, schema: Json = None) -> Bodies:
    content = {media_type: {"schema": SCHEMA if schema is None else schema} for media_type in media_types}
    return Bodies(*operation([], {"required": required, "content": content}))


def read(made: Bodies, body: bytes, media_type: str | None = "application/json") -> tuple[Json, list[str]]:
    headers = {} if media_type is None else {"content-type": media_type}
    value, violations = made.read(Call("PUT", "/", headers=headers, body=body))
    return value, [str(violation) for violation in violations]


def test_a_body_is_read_as_its_value() -> None:
    assert read(bodies("application/json"), b'{"name": "x"}') == ({"name": "x"}, [])


def test_everything_wrong_is_told_with_its_pointer() -> None:
    _, violations = read(bodies("application/json"), b'{"n": "x", "name": 7}')
    assert sorted(violations) == ['body /n: "x" is not of type "integer"', 'body /name: 7 is not of type "string"']
    assert read(bodies("application/json"), b"[]")[1] == ['body: [] is not of type "object"']


@pytest.mark.parametrize(
    "body", [b"{", b"{'name': 1}", b'{"name": "\xff"}', b'"\\ud800"', b"NaN", b"", b" ", b"\xef\xbb\xbf{}", b"1e999"]
)
def test_what_is_no_json_is_one_violation(body: bytes) -> None:
    _, violations = read(bodies("application/json"), body)
    assert len(violations) == 1
    assert violations[0].startswith("body: " + ("is not JSON: " if body else "must not be empty"))


def test_an_optional_body_may_be_empty() -> None:
    assert read(bodies("application/json", required=False), b"") == (None, [])


def test_an_operation_without_a_body_ignores_one() -> None:
    assert read(Bodies(*operation([])), b"anything", "text/plain") == (None, [])


def test_a_body_nested_too_deep_is_refused_before_it_is_looked_at() -> None:
    deepest, deeper = b"[" * DEEPEST + b"]" * DEEPEST, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)
    made = bodies("application/json", schema={})
    assert read(made, deepest)[1] == []
    assert read(made, deeper)[1] == [f"body: is nested deeper than {DEEPEST} levels"]
    assert read(made, b"[" + b"[]," * DEEPEST + b"[]]")[1] == []


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ("application/json", "application/json"),
        ("application/json", "Application/JSON; charset=utf-8"),
        ("application/json", None),
        ("application/*", "application/json"),
        ("*/*", "application/json"),
        ("application/json-patch+json", "application/json-patch+json"),
        ("application/JSON; charset=utf-8", "application/json"),
    ],
)
def test_a_content_type_that_is_meant_is_taken(declared: str, sent: str | None) -> None:
    assert read(bodies(declared), b'{"name": "x"}', sent)[1] == []


@pytest.mark.parametrize("sent", ["text/plain", "application/xml", "", "json", "application/json-patch+json"])
def test_another_content_type_is_told_those_that_are_taken(sent: str) -> None:
    with pytest.raises(Problem) as caught:
        read(bodies("application/json", "text/csv"), b"{}", sent)
    assert caught.value.status == 415
    assert caught.value.message == f"a body of type {sent or 'nothing'} is not taken; send application/json, text/csv"


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "text/notjson"])
def test_a_name_that_only_ends_like_json_is_none(media_type: str) -> None:
    assert read(bodies(media_type, schema={"type": "string"}), b"{}\n{}", media_type) == ("{}\n{}", [])


def test_a_body_that_is_no_json_is_a_text() -> None:
    assert read(bodies("text/csv", schema={"type": "string"}), b"a,b\xc3\xa9", "text/csv") == ("a,bé", [])


def test_a_raw_body_is_a_text_whatever_its_type_says() -> None:
    content = {"application/json": {"x-raw": True, "schema": {"type": "string", "minLength": 2}}}
    made = Bodies(*operation([], {"required": True, "content": content}))
    assert read(made, b"SELECT 1") == ("SELECT 1", [])
    assert read(made, b'"SELECT 1"') == ('"SELECT 1"', [])
    assert len(read(made, b"1")[1]) == 1


JSON = ("application/json",)


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "application/json",
        "APPLICATION/JSON",
        "application/*",
        "text/html, application/json;q=0.1",
        "text/html,*/*;q=0.01",
        "application/json; charset=utf-8",
        "application/json ; q = 0.5",
    ],
)
def test_an_accept_header_that_admits_json_is_acceptable(accept: str | None) -> None:
    assert acceptable(accept, JSON)


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/xml, text/*",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=0, */*",
        "application/*;q=0.0, */*;q=1",
        "application/json;q=nonsense",
        "nonsense",
        "application/jsonp",
    ],
)
def test_an_accept_header_that_admits_no_json_is_not(accept: str) -> None:
    assert not acceptable(accept, JSON)


def test_one_acceptable_type_among_several_is_enough() -> None:
    assert acceptable("text/csv", ("application/json", "text/csv; charset=utf-8"))
    assert acceptable("text/html", ())
