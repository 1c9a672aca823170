"""Patterns are matched in linear time or refused, and validators reach what the contract holds and nothing else."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mockserver.contract.patterns import MOST_PATTERNS, check_patterns, validator_for
from mockserver.contract.yamlfile import Document
from tests.unit.contract.written import document, refusal


def findings(value: dict[str, Any]) -> list[str]:
    return [str(finding) for finding in check_patterns(Document("a.yaml", value, ""))]


@pytest.mark.parametrize(
    "pattern",
    [r"^[^\r\n]+$", r"^\d{4}-\d{2}$", r"\p{L}+", r"^[\w-]+$", r"\/", r"\u0041", r"(a+)+$", r"^.{1,4096}$", r"\cA"],
)
def test_a_pattern_that_linear_time_suffices_for_is_taken(pattern: str) -> None:
    assert findings({"schema": {"pattern": pattern}}) == []


@pytest.mark.parametrize(
    "pattern", [r"^(?!.*::).*$", "(?=a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>", "(?>a)"]
)
def test_a_pattern_that_needs_backtracking_is_refused(pattern: str) -> None:
    [found] = findings({"schema": {"pattern": pattern}})
    assert "needs a backtracking engine (lookaround or a backreference)" in found


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[", "is not a regular expression of ECMA-262"),
        (
            "a{1,1000}{1,1000}",
            "counts repetitions beyond what can be compiled; limit the length by minLength and maxLength instead",
        ),
        (r"^\p{L}{1,256}$", "counts repetitions beyond what can be compiled"),
        (r"^[\w-.]$", "is not a regular expression of ECMA-262"),
        ("(" * 5000 + ")" * 5000, "pattern '((((("),
    ],
)
def test_a_pattern_that_is_none_or_grows_too_large_is_refused(pattern: str, said: str) -> None:
    [found] = findings({"schema": {"pattern": pattern}})
    assert said in found


def test_a_refused_pattern_has_its_place() -> None:
    found = check_patterns(
        document(
            """\
            components:
              schemas:
                Name:
                  type: string
                  pattern: ^(?!x)
                Map: {patternProperties: {'(?=a)': {type: string}}}
            """
        )
    )
    assert [(finding.line, finding.pointer) for finding in found] == [
        (5, "/components/schemas/Name/pattern"),
        (6, "/components/schemas/Map/patternProperties/(?=a)"),
    ]


def test_a_property_named_pattern_and_an_example_with_one_are_no_patterns() -> None:
    value = {"properties": {"pattern": {"type": "string"}}, "example": {"pattern": "(?=a)"}, "pattern": {"a": 1}}
    assert findings({"schema": value}) == []


def test_a_contract_may_not_have_patterns_without_number() -> None:
    value = {f"k{number}": {"pattern": f"a{number}"} for number in range(MOST_PATTERNS + 10)}
    assert findings(value) == [f"a.yaml:1: /k{MOST_PATTERNS}/pattern: more than 2,000 different patterns"]


@pytest.mark.parametrize(("pattern", "text"), [("^(a+)+$", "a" * 100_000 + "!"), ("(x+x+)+y", "x" * 100_000)])
def test_a_pattern_that_would_blow_up_is_matched_in_linear_time(pattern: str, text: str) -> None:
    validator = validator_for({"pattern": pattern}, {})
    started = time.perf_counter()
    assert not validator.is_valid(text)
    assert time.perf_counter() - started < 5


DOCUMENT: dict[str, Any] = {
    "paths": {"/a/{b}": {"get": {"parameters": [{"schema": {"type": "boolean"}}]}}},
    "components": {
        "schemas": {
            "Node": {
                "type": "object",
                "properties": {
                    "next": {"$ref": "#/components/schemas/Node"},
                    "id": {"$ref": "#/components/schemas/Id"},
                },
            },
            "Id": {"type": "string", "format": "uuid"},
            "Alias": {"$ref": "#/components/schemas/Id"},
            "Part": {"$ref": "#/components/schemas/Node/properties/id"},
            "Flag": {"$ref": "#/paths/~1a~1%7Bb%7D/get/parameters/0/schema"},
            "Never": False,
            "Lookahead": {"pattern": "(?=a)"},
            "Broken": {"properties": {"a": {"type": "strin"}}},
            "Dangling": {"items": {"$ref": "#/components/schemas/Nowhere"}},
            "Remote": {"$ref": "http://127.0.0.1:1/schema.json"},
        }
    },
}
UUID = "455e3d9d-dbbf-455e-b3be-7191daa825f3"


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"$ref": "#/components/schemas/Node"}, {"next": {"next": {"id": UUID}}}, {"next": {"next": {"id": "no"}}}),
        ({"items": {"$ref": "#/components/schemas/Alias"}}, [UUID], ["no"]),
        ({"$ref": "#/components/schemas/Part"}, UUID, "no"),
        (
            {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"$ref": "#/components/schemas/Node"}]},
            {"id": UUID},
            {"id": 1},
        ),
        ({"$ref": "#/components/schemas/Flag"}, True, "true"),
        ({"not": {"$ref": "#/components/schemas/Never"}}, 1, None),
        ({"anyOf": [{"$ref": "#/paths/~1a~1%7Bb%7D"}, {"$ref": "#/components/schemas/Flag"}]}, 1, None),
        ({"type": "string", "format": "date-time"}, "2024-01-01T00:00:00Z", "yesterday"),
        ({"type": "string", "format": "of-our-own"}, "anything", 1),
        (True, 1, None),
    ],
)
def test_a_validator_knows_what_its_references_mean_in_the_document(schema: Any, good: Any, bad: Any) -> None:
    validator = validator_for(schema, DOCUMENT)
    assert validator.is_valid(good)
    if bad is not None:
        assert not validator.is_valid(bad)


def test_an_error_is_placed_by_the_schema_in_the_document() -> None:
    [error] = validator_for({"$ref": "#/components/schemas/Node"}, DOCUMENT).iter_errors({"id": "no"})
    assert error.schema_path == ["components", "schemas", "Id", "format"]
    assert error.instance_path == ["id"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Broken", "/components/schemas/Broken/properties/a/type: "),
        ("Lookahead", '/components/schemas/Lookahead/pattern: "(?=a)" is not a "regex"'),
        ("Dangling", "'#/components/schemas/Nowhere' leads nowhere"),
        ("Remote", "'http://127.0.0.1:1/schema.json' leads out of the document"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(name: str, said: str) -> None:
    assert said in refusal(lambda: validator_for({"$ref": f"#/components/schemas/{name}"}, DOCUMENT))


def test_what_a_schema_does_not_reach_is_not_looked_at() -> None:
    assert validator_for({"$ref": "#/components/schemas/Id"}, DOCUMENT).is_valid(UUID)


def test_nothing_is_fetched_for_a_dynamic_reference() -> None:
    assert "is not" in refusal(lambda: validator_for({"$dynamicRef": "http://127.0.0.1:1/schema.json"}, {}))
