"""What a change description says of two answers, and what counts as a major change."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mockserver.dialects.openmetadata.changes import Changes, compare
from tests.support.worlds import openmetadata

Json = Any
TABLES = openmetadata().resources["tables"]
TEAMS = openmetadata().resources["teams"]


def told(before: Json, after: Json) -> tuple[Json, Json, Json, bool]:
    """Added, updated and deleted by name, with their values read out of JSON texts; and whether it is major."""
    found = compare(TABLES, before, after)
    return _read(found.added, "newValue"), _read_both(found.updated), _read(found.deleted, "oldValue"), found.major


def _read(entries: list[Json], key: str) -> Json:
    return {each["name"]: _value(each[key]) for each in entries}


def _read_both(entries: list[Json]) -> Json:
    return {each["name"]: (each["oldValue"], each["newValue"]) for each in entries}


def _value(value: Json) -> Json:
    return orjson.loads(value) if isinstance(value, str) and value.startswith("[") else value


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"description": "x"}, ({"description": "x"}, {}, {}, False)),
        ({"description": "x"}, {}, ({}, {}, {"description": "x"}, False)),
        ({"description": ""}, {"description": "x"}, ({}, {"description": ("", "x")}, {}, False)),
        ({"retentionPeriod": "P1D"}, {"retentionPeriod": "P2D"}, ({}, {"retentionPeriod": ("P1D", "P2D")}, {}, False)),
        ({"extension": {"a": 1}}, {"extension": {"a": 1.0}}, ({}, {}, {}, False)),
    ],
)
def test_single_fields_come_go_and_change(before: Json, after: Json, expected: Json) -> None:
    assert told(before, after) == expected


def test_a_number_that_becomes_a_truth_value_is_a_change() -> None:
    assert told({"extension": {"a": 1}}, {"extension": {"a": True}})[1]
    assert told({"columns": [column("a", extension={"b": 0})]}, {"columns": [column("a", extension={"b": False})]})[1]


@pytest.mark.parametrize(
    "field",
    ["id", "version", "updatedAt", "updatedBy", "href", "fullyQualifiedName", "changeDescription", "deleted"],
)
def test_what_the_server_decides_is_never_told(field: str) -> None:
    assert not compare(TABLES, {field: "old"}, {field: "new"})


@pytest.mark.parametrize("field", ["followers", "votes", "database", "service", "serviceType"])
def test_what_is_kept_beside_or_read_elsewhere_is_never_told(field: str) -> None:
    assert not compare(TABLES, {field: [{"id": "1"}]}, {field: [{"id": "2"}]})


def test_of_a_list_only_the_items_that_came_and_went_are_told() -> None:
    before = {"tags": [tag("A.a"), tag("A.b")], "owners": [{"id": "1", "name": "ann"}]}
    after = {"tags": [tag("A.b"), tag("A.c")], "owners": [{"id": "1", "name": "Ann"}, {"id": "2"}]}
    assert told(before, after) == (
        {"tags": [tag("A.c")], "owners": [{"id": "2"}]},
        {},
        {"tags": [tag("A.a")]},
        False,
    )


def test_the_order_of_a_list_is_no_change() -> None:
    assert not compare(TABLES, {"tags": [tag("A.a"), tag("A.b")]}, {"tags": [tag("A.b"), tag("A.a")]})


def test_an_emptied_list_is_told_as_what_went() -> None:
    assert told({"tags": [tag("A.a")]}, {"tags": []}) == ({}, {}, {"tags": [tag("A.a")]}, False)
    assert told({"tags": [tag("A.a")]}, {}) == ({}, {}, {"tags": [tag("A.a")]}, False)


def tag(name: str) -> Json:
    return {"tagFQN": name, "source": "Classification"}


def column(name: str, kind: str = "INT", **more: Json) -> Json:
    return {"name": name, "dataType": kind, **more}


MINOR = [
    ([column("a")], [column("a"), column("b")]),
    ([column("a")], [column("a", description="x")]),
    ([column("a", dataLength=5)], [column("a", dataLength=6)]),
    ([column("a", dataLength=5)], [column("a")]),
    ([column("a")], [column("a", precision=5)]),
    ([column("a", scale=1)], [column("a", scale=2)]),
    ([column("a", constraint="UNIQUE")], [column("a", constraint="NOT_NULL")]),
    ([column("a", children=[column("b")])], [column("a", children=[column("b"), column("c")])]),
]
MAJOR = [
    ([column("a"), column("b")], [column("a")]),
    ([column("a")], [column("a", "BIGINT")]),
    ([column("a", "ARRAY", arrayDataType="INT")], [column("a", "ARRAY", arrayDataType="STRING")]),
    ([column("a")], [column("a", dataLength=5)]),
    ([column("a", dataLength=5)], [column("a", dataLength=4)]),
    ([column("a", precision=5)], [column("a")]),
    ([column("a", precision=5)], [column("a", precision=4)]),
    ([column("a", scale=2)], [column("a", scale=1)]),
    ([column("a", children=[column("b"), column("c")])], [column("a", children=[column("b")])]),
    ([column("a", children=[column("b", dataLength=2)])], [column("a", children=[column("b", dataLength=1)])]),
]


@pytest.mark.parametrize(("before", "after"), MINOR)
def test_readers_of_the_data_survive_a_minor_change(before: Json, after: Json) -> None:
    found = compare(TABLES, {"columns": before}, {"columns": after})
    assert found
    assert not found.major


@pytest.mark.parametrize(("before", "after"), MAJOR)
def test_readers_of_the_data_may_break_at_a_major_change(before: Json, after: Json) -> None:
    assert compare(TABLES, {"columns": before}, {"columns": after}).major


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([column("a"), column("b")], [column("b"), column("a")]),
        ([column("a", ordinalPosition=1)], [column("a", ordinalPosition=2)]),
        ([column("a", dataTypeDisplay="int")], [column("a", dataTypeDisplay="integer")]),
        ([column("a")], [column("A")]),
    ],
)
def test_order_display_and_letter_case_of_columns_are_no_change(before: Json, after: Json) -> None:
    assert not compare(TABLES, {"columns": before}, {"columns": after})


def test_nested_changes_are_named_by_the_way_to_them() -> None:
    before = [column("s", children=[column("a.b", children=[column("c")])])]
    after = [column("s", children=[column("a.b", children=[column("c", description="x", tags=[tag("A.a")])])])]
    assert told({"columns": before}, {"columns": after})[0] == {
        'columns.s."a.b".c.description': "x",
        'columns.s."a.b".c.tags': [tag("A.a")],
    }


def test_a_nested_column_that_comes_is_told_under_its_parent() -> None:
    before, after = [column("s", children=[])], [column("s", children=[column("a")])]
    assert told({"columns": before}, {"columns": after})[0] == {"columns.s": [column("a")]}


def test_the_inverse_of_a_relation_is_told_like_the_relation() -> None:
    found = compare(TEAMS, {"users": [{"id": "1"}]}, {"users": [{"id": "2"}]})
    assert [each["name"] for each in (*found.added, *found.deleted)] == ["users", "users"]


def test_a_description_of_nothing_has_three_empty_lists() -> None:
    changes = Changes()
    assert not changes
    assert changes.describe(0.3) == {
        "fieldsAdded": [],
        "fieldsUpdated": [],
        "fieldsDeleted": [],
        "previousVersion": 0.3,
    }
