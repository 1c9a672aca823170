"""What a reference in a body may be, and what it must not be."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.manners import Nested
from mockserver.dialects.openmetadata.build import ignored, normal_items, resolve, resolve_all
from mockserver.exchange import Problem
from mockserver.world.transaction import Transaction
from tests.support.engines import contract_of, seeds_of

Json = Any
CONTRACT = contract_of("docs")
OWNERS = CONTRACT.resources["tables"].relations["owners"]
MAYA, SALES = "61fadc6d-875b-4eff-b759-629ab6cfe835", "7a2b921b-f623-4eb5-9736-649788ad842c"
UNKNOWN = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"


def world() -> Transaction:
    return Transaction(seeds_of("docs"))


@pytest.mark.parametrize(
    ("value", "id"),
    [
        (MAYA, MAYA),
        (MAYA.upper(), MAYA),
        ("maya_chen2", MAYA),
        ("Sales", SALES),
        ({"id": MAYA}, MAYA),
        ({"id": SALES, "type": "team"}, SALES),
        ({"fullyQualifiedName": "Sales"}, SALES),
        ({"name": "maya_chen2", "type": "user"}, MAYA),
    ],
)
def test_a_reference_is_an_id_a_name_or_an_object_with_one(value: Json, id: str) -> None:
    assert resolve(world(), CONTRACT, OWNERS, value, "owners/0").id == id


@pytest.mark.parametrize(
    ("value", "status", "message"),
    [
        (UNKNOWN, 404, f"user instance for {UNKNOWN} not found"),
        ("nobody", 404, "user instance for nobody not found"),
        ({"id": MAYA, "type": "team"}, 404, f"team instance for {MAYA} not found"),
        ({"id": "455e3d9d-dbbf-455e-b3be-7191daa825f3"}, 404, "user instance for 455e3d9d"),
        ({"id": MAYA, "type": "table"}, 400, "[body /owners/0: type 'table' is not one of user, team]"),
        ({"type": "user"}, 400, "[body /owners/0: a reference needs an id or a fullyQualifiedName]"),
        ({}, 400, "a reference needs an id"),
        (7, 400, "a reference needs an id"),
        ("x" * 36, 404, f"user instance for {'x' * 36} not found"),
    ],
)
def test_a_reference_to_nobody_says_who_is_not_there(value: Json, status: int, message: str) -> None:
    with pytest.raises(Problem) as caught:
        resolve(world(), CONTRACT, OWNERS, value, "owners/0")
    assert caught.value.status == status
    assert message in caught.value.message


def test_what_is_soft_deleted_is_nobody() -> None:
    made = world()
    maya = made.record(MAYA)
    assert maya is not None
    made.replace(maya.with_data(deleted=True))
    with pytest.raises(Problem, match=f"user instance for {MAYA} not found"):
        resolve(made, CONTRACT, OWNERS, MAYA, "owners/0")


def test_references_keep_their_order_and_come_once() -> None:
    assert list(resolve_all(world(), CONTRACT, OWNERS, [SALES, MAYA, "Sales"])) == [SALES, MAYA]
    assert resolve_all(world(), CONTRACT, OWNERS, None) == {}
    assert list(resolve_all(world(), CONTRACT, OWNERS, MAYA)) == [MAYA]


def test_a_patch_leaves_alone_what_is_the_servers_or_written_elsewhere() -> None:
    tables, users = ignored(CONTRACT.resources["tables"]), ignored(CONTRACT.resources["users"])
    assert {
        "id",
        "name",
        "version",
        "deleted",
        "followers",
        "votes",
        "databaseSchema",
        "database",
        "serviceType",
    } <= tables
    assert not {"owners", "tags", "columns", "description", "extension"} & tables
    assert {"email", "follows", "owns"} <= users
    assert not {"teams", "roles"} & users


def test_nested_items_are_stored_with_defaults_and_without_names_that_follow() -> None:
    nested = Nested(
        "columns", children="children", named=True, ordinal="at", display=("shown", "kind"), defaults={"tags": []}
    )
    written: list[dict[str, Json]] = [
        {"name": "a", "kind": "INT", "fullyQualifiedName": "s.a", "description": None},
        {"name": "b", "kind": "STRUCT", "shown": "Struct<C>", "at": 9, "children": [{"name": "c", "kind": "DATE"}]},
    ]
    inner = {"tags": [], "name": "c", "kind": "DATE", "shown": "date", "at": 1}
    assert normal_items(written, nested) == [
        {"tags": [], "name": "a", "kind": "INT", "shown": "int", "at": 1},
        {"tags": [], "name": "b", "kind": "STRUCT", "shown": "struct<c>", "at": 9, "children": [inner]},
    ]
    assert normal_items([{"kind": "INT"}], Nested("plain")) == [{"kind": "INT"}]
