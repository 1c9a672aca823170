"""Where labels stand in the values of a schema, also when it contains itself."""

from __future__ import annotations

from typing import Any

from mockserver.contract.labels import Finder

Json = Any
LABELS = {"type": "array", "items": {"$ref": "#/components/schemas/Label"}}


def found(*without: str, **schemas: Json) -> Json:
    schemas = {"Label": {"properties": {"name": {}}}, "Labels": LABELS, **schemas}
    return Finder({"components": {"schemas": schemas}}, "Label", without).places("Thing")


def test_labels_are_found_one_alone_and_in_lists() -> None:
    thing = {
        "properties": {
            "one": {"$ref": "#/components/schemas/Label"},
            "some": {"$ref": "#/components/schemas/Labels"},
            "name": {"type": "string"},
        }
    }
    assert found(Thing=thing) == {"one": None, "some": None}


def test_what_leads_to_no_label_is_left_out() -> None:
    other = {"properties": {"name": {"type": "string"}, "again": {"$ref": "#/components/schemas/Other"}}}
    assert found(Thing={"properties": {"other": {"$ref": "#/components/schemas/Other"}}}, Other=other) == {}


def test_a_schema_that_contains_itself_is_followed_as_deep_as_values_go() -> None:
    part = {"properties": {"tags": LABELS, "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}}
    places = found(Thing={"properties": {"parts": {"items": {"$ref": "#/components/schemas/Part"}}}}, Part=part)
    assert places["parts"]["tags"] is None
    assert places["parts"]["parts"] is places["parts"]


def test_a_schema_may_be_left_alone() -> None:
    thing = {"properties": {"model": {"$ref": "#/components/schemas/Model"}, "tags": LABELS}}
    assert found("Model", Thing=thing, Model={"properties": {"tags": LABELS}}) == {"tags": None}
