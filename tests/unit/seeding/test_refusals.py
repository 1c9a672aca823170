"""Every mistake in a record is told with file, line, field and what would be right, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.worlds import findings, told


def table(more: str, columns: str = "[{name: id, dataType: BIGINT}]") -> str:
    return f"""\
        extends: ground
        records:
          tables:
            - name: t
              databaseSchema: s.d.c
              columns: {columns}
              {more}
        """


SERVICE = "00000000-0000-4000-8000-000000000001"
ANN = "00000000-0000-4000-8000-000000000002"
NO_REFERENCE = "a reference to a user or team is an id, a name, or an object with one of them and a `type`"
AT = "set.yaml:7: /records/tables/0"
MISTAKES = [
    ("description: 7", [f'{AT}/description: 7 is not of type "string"']),
    ("tableTyp: View", [f"{AT}/tableTyp: unknown field 'tableTyp' of tables; did you mean 'tableType'?"]),
    ("x-tokne: true", [f"{AT}/x-tokne: unknown field 'x-tokne' of tables; did you mean 'x-token'?"]),
    ("nonsense: null", [f"{AT}/nonsense: unknown field 'nonsense' of tables"]),
    ("href: http://elsewhere/", [f"{AT}/href: 'href' follows from the record itself; leave it out"]),
    ("database: s.d", [f"{AT}/database: 'database' follows from 'databaseSchema'; leave it out"]),
    ("serviceType: Mysql", [f"{AT}/serviceType: 'serviceType' follows from 'databaseSchema'; leave it out"]),
    ("x-token: maybe", [f"{AT}/x-token: 'x-token' is true or false"]),
    ("id: 12", [f"{AT}/id: an id is a text"]),
    ("id: twelve", [f'{AT}/id: "twelve" is not a "uuid"']),
    ("owners: ann", [f"{AT}/owners: 'owners' is a list of references"]),
    ("owners: [anne]", [f"{AT}/owners/0: there is no user or team 'anne'; did you mean 'ann'?"]),
    (
        "owners: [{type: tean, name: ann}]",
        [f"{AT}/owners/0: {NO_REFERENCE}"],
    ),
    ("owners: [{type: team, name: ann}]", [f"{AT}/owners/0: there is no team 'ann'"]),
    (
        "owners: [{nam: ann}]",
        [f"{AT}/owners/0: {NO_REFERENCE}"],
    ),
    (
        "owners: [7]",
        [f"{AT}/owners/0: {NO_REFERENCE}"],
    ),
    (f"owners: [{SERVICE}]", [f"{AT}/owners/0: there is no user or team '{SERVICE}'"]),
    (f"owners: [{{id: {SERVICE}}}]", [f"{AT}/owners/0: there is no user or team '{SERVICE}'"]),
    ("owners: [{name: ann, nickname: a}]", [f"{AT}/owners/0: {NO_REFERENCE}"]),
    ("followers: [ann, bob, ann]", [f"{AT}/followers/2: 'ann' is in this list already"]),
    ("followers: [s]", [f"{AT}/followers/0: there is no user 's'"]),
    ("votes: [ann]", [f"{AT}/votes: 'votes' is an object: who voted, and 'votedUp' or 'votedDown'"]),
    ("votes: {ann: upVoted}", [f"{AT}/votes/ann: a vote is 'votedUp' or 'votedDown'; did you mean 'votedUp'?"]),
    ("votes: {ann: unVoted}", [f"{AT}/votes/ann: a vote is 'votedUp' or 'votedDown'; did you mean 'votedUp'?"]),
    ("votes: {nobody: votedUp}", [f"{AT}/votes/nobody: there is no user 'nobody'"]),
    (f"votes: {{ann: votedUp, {ANN}: votedDown}}", [f"{AT}/votes/{ANN}: 'ann' has voted already"]),
    ("x-history: 0.1", [f"{AT}/x-history: 'x-history' is a list of older versions, newest first"]),
    (
        "extension: {a: 99999999999999999999}",
        ["set.yaml:4: /records/tables/0: this cannot be sent as JSON: Integer exceeds 64-bit range"],
    ),
]


@pytest.mark.parametrize(("mistake", "expected"), MISTAKES, ids=[mistake for mistake, _ in MISTAKES])
def test_a_mistake_is_told_with_its_place(tmp_path: Path, mistake: str, expected: list[str]) -> None:
    assert told(tmp_path, table(mistake)) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("id", '/columns: "id" is not of type "array"'),
        ("[id]", '/columns/0: "id" is not of type "object"'),
        ("[{dataType: INT}]", '/columns/0: "name" is a required property'),
        ("[{name: a, dataType: INTEGER}]", '/columns/0/dataType: "INTEGER" is not one of'),
        ("[{name: a, dataType: STRUCT, children: 7}]", '/columns/0/children: 7 is not of type "array"'),
        ("[{name: a, dataType: STRUCT, children: false}]", '/columns/0/children: false is not of type "array"'),
        ("[{name: a, dataType: INT}, {name: a, dataType: INT}]", ": Column name a is repeated"),
    ],
)
def test_a_mistake_in_a_nested_list_is_told_with_its_item(tmp_path: Path, columns: str, expected: str) -> None:
    lines = told(tmp_path, table("tableType: View", columns))
    assert lines[0].partition("/records/tables/0")[2].startswith(expected)


def test_what_is_missing_is_told_at_the_record(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          tables:
            - name: t
              columns: []
            - {name: u, databaseSchema: s.d.c}
        """
    assert told(tmp_path, text) == [
        "set.yaml:4: /records/tables/0: a record of tables needs its 'databaseSchema'",
        'set.yaml:6: /records/tables/1: "columns" is a required property',
    ]


@pytest.mark.parametrize("record", ["t", "[]", "{}", "{name: ''}", "{name: 7}", "null"])
def test_a_record_is_an_object_with_a_name(tmp_path: Path, record: str) -> None:
    (line,) = told(tmp_path, f"records: {{users: [{record}]}}")
    assert line.startswith("set.yaml:1: /records/users/0")
    assert line.endswith(("a record needs a `name`, a text", "a record of users is an object"))


def test_an_unknown_resource_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert told(tmp_path, "records:\n  tabels: []\n  users: {}") == [
        "set.yaml:2: /records/tabels: there is no resource 'tabels'; did you mean 'tables'?",
        "set.yaml:3: /records/users: the records of 'users' are a list",
    ]


def test_an_id_that_is_taken_is_told_with_the_place_of_the_other(tmp_path: Path) -> None:
    text = """\
        records:
          users:
            - {id: 11111111-2222-4333-8444-555555555555, name: ann, email: ann@example.com}
          teams:
            - {id: 11111111-2222-4333-8444-555555555555, name: group, teamType: Group}
        """
    (line,) = told(tmp_path, text)
    assert line == "set.yaml:5: /records/teams/0/id: the id is taken by users 'ann' (set.yaml:3)"


def test_a_name_that_is_taken_is_told_with_the_place_of_the_other(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          databases:
            - {name: d, service: s}
          databaseSchemas:
            - {name: d, database: s.d}
        """
    (line,) = told(tmp_path, text)
    assert (
        line == "set.yaml:4: /records/databases/0/name: the name 's.d' is taken by another of databases (ground.yaml:4)"
    )


def test_a_short_name_that_several_records_have_is_told(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          databases: [{name: e, service: s}]
          databaseSchemas: [{name: c, database: e}]
          tables: [{name: t, databaseSchema: c, columns: []}]
        """
    (line,) = told(tmp_path, text)
    assert line == "set.yaml:5: /records/tables/0/databaseSchema: 'c' may be any of 2: 's.d.c' or 's.e.c'"


def test_a_reference_that_leads_nowhere_is_not_told_again_for_what_hangs_below(tmp_path: Path) -> None:
    text = """\
        extends: ground
        records:
          databases: [{name: d, service: t}]
          databaseSchemas: [{name: c, database: t.d}]
          tables: [{name: t, databaseSchema: t.d.c, columns: []}]
        """
    assert told(tmp_path, text) == ["set.yaml:3: /records/databases/0/service: there is no databaseService 't'"]


def test_a_circle_of_parents_is_told(tmp_path: Path) -> None:
    text = "records: {databases: [{name: d, service: {type: databaseService, name: d}}]}"
    assert [finding.pointer for finding in findings(tmp_path, text)] == ["/records/databases/0/service"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = """\
        extends: ground
        colour: red
        records:
          tabels: []
          users: [{name: eve, email: nowhere, agee: 7}]
          tables:
            - {name: t, databaseSchema: s.d.x, columns: [], followers: [eva]}
        """
    assert [(finding.line, finding.pointer) for finding in findings(tmp_path, text)] == [
        (2, "/colour"),
        (4, "/records/tabels"),
        (5, "/records/users/0/agee"),
        (5, "/records/users/0/email"),
        (5, "/records/users/0/email"),
        (7, "/records/tables/0/databaseSchema"),
        (7, "/records/tables/0/followers/0"),
    ]


def test_a_hundred_mistakes_are_enough(tmp_path: Path) -> None:
    users = "".join(f"\n            - {{name: u{number}}}" for number in range(200))
    text = f"""\
        records:
          users:{users}
        """
    assert len(findings(tmp_path, text)) == 100
