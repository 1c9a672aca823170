"""Older versions are kept as they would have been answered, and told apart by what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.seeding.load import SEED_TIME
from mockserver.world.transaction import Transaction
from tests.support.worlds import HOME, answer, history, names, record, seeded, told


def team(more: str, past: str) -> str:
    return f"""\
        extends: ground
        records:
          teams:
            - {{name: above, teamType: Division}}
            - {{name: beside, teamType: Division}}
            - name: t
              teamType: Group
              {more}
              x-history: {past}
        """


THREE = team(
    "version: 0.3\n              description: new\n              parents: [above]\n              owners: [ann]",
    """
                - {version: 0.2, teamType: Group, description: old, updatedAt: 7, updatedBy: ann}
                - {version: 0.1, teamType: Department, parents: [beside], owners: []}
    """,
)


def test_older_versions_come_newest_first_with_the_fields_they_had(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, THREE)
    assert [snapshot.version for snapshot in Transaction(seeds.root).history(record(seeds, "teams", "t").id)] == [
        "0.2",
        "0.1",
    ]
    newer, oldest = history(seeds, "teams", "t")
    assert (newer["description"], newer["updatedAt"], newer["updatedBy"]) == ("old", 7, "ann")
    assert (oldest["teamType"], oldest["updatedAt"], oldest["updatedBy"]) == ("Department", SEED_TIME, "admin")
    assert "description" not in oldest


def test_an_older_version_has_identity_defaults_and_address_of_its_record(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, THREE)
    present = answer(seeds, "teams", "t")
    for older in history(seeds, "teams", "t"):
        same = ("id", "name", "fullyQualifiedName", "isJoinable", "deleted")
        assert [older[key] for key in same] == [present[key] for key in same]
        assert older["href"] == f"{HOME}/v1/teams/{present['id']}"


def test_relations_of_an_older_version_are_the_records_unless_given(tmp_path: Path) -> None:
    newer, oldest = history(seeded(tmp_path, THREE), "teams", "t")
    assert (names(newer["parents"]), names(newer["owners"])) == (["above"], ["ann"])
    assert (names(oldest["parents"]), names(oldest["owners"])) == (["beside"], [])


def test_the_relations_of_an_older_version_leave_the_present_alone(tmp_path: Path) -> None:
    assert names(answer(seeded(tmp_path, THREE), "teams", "t")["parents"]) == ["above"]


def test_a_version_that_follows_on_another_tells_what_it_changed(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, THREE)
    newer, oldest = history(seeds, "teams", "t")
    assert "changeDescription" not in oldest
    assert newer["changeDescription"]["previousVersion"] == 0.1
    assert {"name": "teamType", "oldValue": "Department", "newValue": "Group"} in newer["changeDescription"][
        "fieldsUpdated"
    ]
    assert {"name": "description", "newValue": "old"} in newer["changeDescription"]["fieldsAdded"]
    assert answer(seeds, "teams", "t")["changeDescription"] == {
        "fieldsAdded": [],
        "fieldsUpdated": [{"name": "description", "oldValue": "old", "newValue": "new"}],
        "fieldsDeleted": [],
        "previousVersion": 0.2,
    }


def test_a_soft_deletion_is_told_as_a_change(tmp_path: Path) -> None:
    text = team("version: 0.2\n              deleted: true", "[{version: 0.1, teamType: Group}]")
    assert answer(seeded(tmp_path, text), "teams", "t")["changeDescription"]["fieldsUpdated"] == [
        {"name": "deleted", "oldValue": False, "newValue": True}
    ]


def test_a_change_description_that_is_written_is_kept(tmp_path: Path) -> None:
    written = "{fieldsAdded: [], fieldsUpdated: [], fieldsDeleted: [], previousVersion: 0.1}"
    text = team(f"version: 0.2\n              changeDescription: {written}", "[{version: 0.1, teamType: Division}]")
    assert answer(seeded(tmp_path, text), "teams", "t")["changeDescription"]["fieldsUpdated"] == []


def test_nested_lists_of_an_older_version_are_its_own(tmp_path: Path) -> None:
    text = """
        extends: ground
        records:
          tables:
            - name: t
              databaseSchema: s.d.c
              version: 1.1
              columns: &columns [{name: a, dataType: INT}]
              x-history:
                - {version: 0.2, columns: *columns, description: x}
                - {version: 0.1, columns: [{name: a, dataType: INT}, {name: b, dataType: INT}]}
        """
    newer, oldest = history(seeded(tmp_path, text), "tables", "s.d.c.t")
    assert [column["fullyQualifiedName"] for column in newer["columns"]] == ["s.d.c.t.a"]
    assert [column["fullyQualifiedName"] for column in oldest["columns"]] == ["s.d.c.t.a", "s.d.c.t.b"]


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        (
            "[{version: 0.2, teamType: Group}]",
            "0/version: versions are written newest first: 0.2 does not come before 0.2",
        ),
        (
            "[{version: 0.1, teamType: Group}, {version: 0.1, teamType: Group}]",
            "1/version: versions are written newest first: 0.1 does not come before 0.1",
        ),
        ("[{teamType: Group}]", "0: an older version is an object with a `version`, a number, and the fields it had"),
        ("[0.1]", "0: an older version is an object with a `version`, a number, and the fields it had"),
        ("[{version: true}]", "0: an older version is an object with a `version`, a number, and the fields it had"),
        ("[{version: 0.1}]", '0: "teamType" is a required property'),
        ("[{version: 0.1, teamType: Grup}]", '0/teamType: "Grup" is not one of '),
        ("[{version: 0.1, teamType: Group, x-token: true}]", "0/x-token: unknown field 'x-token' of teams"),
        ("[{version: 0.1, teamType: Group, colour: red}]", "0/colour: unknown field 'colour' of teams"),
        ("[{version: 0.1, teamType: Group, owners: [eve]}]", "0/owners/0: there is no user or team 'eve'"),
        (
            "[{version: 0.1, teamType: Group, users: [ann]}]",
            "0/users: 'users' is read from the records at its other end; an older version cannot have its own",
        ),
    ],
)
def test_a_mistake_in_an_older_version_is_told(tmp_path: Path, past: str, expected: str) -> None:
    (line,) = told(tmp_path, team("version: 0.2", past))
    assert line.startswith(f"set.yaml:9: /records/teams/2/x-history/{expected}")


def test_items_of_one_name_in_an_older_version_are_told(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          tables:
            - name: t
              databaseSchema: s.d.c
              version: 0.2
              columns: []
              x-history: [{version: 0.1, columns: [{name: a, dataType: INT}, {name: a, dataType: INT}]}]
        """
    assert told(tmp_path, text) == ["set.yaml:8: /records/tables/0/x-history/0: Column name a is repeated"]


def test_two_versions_are_not_compared_when_one_is_not_sound(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          tables:
            - name: t
              databaseSchema: s.d.c
              version: 0.2
              columns: [{name: a, dataType: INT, dataLength: 2}]
              x-history: [{version: 0.1, columns: [{name: a, dataType: INT, dataLength: []}]}]
        """
    (line,) = told(tmp_path, text)
    assert line.startswith("set.yaml:8: /records/tables/0/x-history/0/columns/0/dataLength: ")
