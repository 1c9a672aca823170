"""Keywords are told apart from names and from data."""

from __future__ import annotations

from mockserver.contract.walk import objects, pointer_of


def test_names_that_look_like_keywords_are_names_and_examples_are_data() -> None:
    document = {
        "components": {
            "schemas": {"default": {"properties": {"example": {"type": "string"}, "enum": {"const": {"not": "seen"}}}}},
            "examples": {"value": {"value": {"not": "seen"}}},
        },
        "x-other": {"not": "seen"},
    }
    assert [pointer_of(trail) for trail, _ in objects(document)] == [
        "",
        "/components",
        "/components/schemas/default",
        "/components/schemas/default/properties/example",
        "/components/schemas/default/properties/enum",
        "/components/examples/value",
    ]


def test_a_list_of_examples_is_data_and_a_mapping_of_them_is_not() -> None:
    document = {"schema": {"examples": [{"not": "seen"}]}, "examples": {"one": {"summary": "seen"}}}
    assert [pointer_of(trail) for trail, _ in objects(document)] == ["", "/schema", "/examples/one"]


def test_a_response_named_default_is_no_data() -> None:
    document: dict[str, object] = {"responses": {"default": {"content": {}}}}
    assert "/responses/default" in [pointer_of(trail) for trail, _ in objects(document)]
