"""How records are written: references of every kind, in any order, with everything left out that can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.seeding.load import SEED_TIME
from mockserver.world.transaction import Transaction
from tests.support.worlds import answer, digest, names, record, seeded

TABLE = """
    extends: ground
    records:
      tables:
        - name: t
          databaseSchema: s.d.c
          columns: [{{name: id, dataType: BIGINT}}]
          {more}
    """


def test_what_is_left_out_is_as_a_creation_leaves_it(tmp_path: Path) -> None:
    table = answer(seeded(tmp_path, TABLE.format(more="description: null")), "tables", "s.d.c.t")
    assert (table["version"], table["updatedAt"], table["updatedBy"]) == (0.1, SEED_TIME, "admin")
    assert (table["tableType"], table["tags"], table["deleted"]) == ("Regular", [], False)
    assert "description" not in table


def test_a_nested_list_is_completed_like_a_clients(tmp_path: Path) -> None:
    table = answer(seeded(tmp_path, TABLE.format(more="")), "tables", "s.d.c.t")
    assert table["columns"] == [
        {
            "name": "id",
            "dataType": "BIGINT",
            "dataTypeDisplay": "bigint",
            "tags": [],
            "ordinalPosition": 1,
            "fullyQualifiedName": "s.d.c.t.id",
        }
    ]


def test_an_id_that_is_left_out_follows_from_the_seed(tmp_path: Path) -> None:
    text = TABLE.format(more="")
    first, again, other = (record(seeded(tmp_path, text, seed), "tables", "s.d.c.t").id for seed in (1, 1, 2))
    assert first == again != other


def test_an_id_is_kept_in_lower_case(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, TABLE.format(more="id: 455E3D9D-DBBF-455E-B3BE-7191DAA825F3"))
    assert record(seeds, "tables", "s.d.c.t").id == "455e3d9d-dbbf-455e-b3be-7191daa825f3"


@pytest.mark.parametrize(
    "owners",
    [
        "[ann, bob]",
        "[{type: user, name: ann}, {type: user, fullyQualifiedName: bob}]",
        "[11111111-2222-4333-8444-555555555555, bob]",
        "[{type: user, id: 11111111-2222-4333-8444-555555555555}, bob]",
    ],
)
def test_a_reference_is_an_id_a_name_or_an_object(tmp_path: Path, owners: str) -> None:
    text = f"""
        records:
          databaseServices: [{{name: s, serviceType: Mysql, owners: {owners}}}]
          users:
            - {{id: 11111111-2222-4333-8444-555555555555, name: ann, email: ann@example.com}}
            - {{name: bob, email: bob@example.com}}
        """
    assert names(answer(seeded(tmp_path, text), "databaseServices", "s")["owners"]) == ["ann", "bob"]


def test_a_record_may_come_before_its_parent_and_name_it_shortly(tmp_path: Path) -> None:
    text = """
        records:
          tables: [{name: t, databaseSchema: c, columns: []}]
          databaseSchemas: [{name: c, database: d}]
          databases: [{name: d, service: s}]
          databaseServices: [{name: s, serviceType: Mysql}]
        """
    table = answer(seeded(tmp_path, text), "tables", "s.d.c.t")
    assert (table["database"]["fullyQualifiedName"], table["serviceType"]) == ("s.d", "Mysql")


def test_a_type_tells_a_team_from_a_user_of_the_same_name(tmp_path: Path) -> None:
    text = """
        extends: ground
        records:
          teams: [{name: ann, teamType: Group}]
          databaseServices:
            - {name: by_user, serviceType: Mysql, owners: [ann]}
            - {name: by_team, serviceType: Mysql, owners: [{type: team, name: ann}]}
        """
    seeds = seeded(tmp_path, text)
    assert [answer(seeds, "databaseServices", name)["owners"][0]["type"] for name in ("by_user", "by_team")] == [
        "user",
        "team",
    ]


def test_a_name_with_a_dot_is_quoted_in_the_names_below_it(tmp_path: Path) -> None:
    text = """
        extends: ground
        records:
          databaseSchemas: [{name: a.b, database: s.d}]
          tables: [{name: t.1, databaseSchema: 's.d."a.b"', columns: []}]
        """
    assert answer(seeded(tmp_path, text), "tables", 's.d."a.b"."t.1"')["name"] == "t.1"


def test_a_relation_may_be_written_at_its_other_end(tmp_path: Path) -> None:
    text = """
        extends: ground
        records:
          teams: [{name: group, teamType: Group, users: [bob, ann]}]
        """
    seeds = seeded(tmp_path, text)
    assert names(answer(seeds, "users", "ann")["teams"]) == ["group"]
    assert names(answer(seeds, "teams", "group")["users"]) == ["ann", "bob"]


def test_followers_and_votes_are_written_beside_the_record(tmp_path: Path) -> None:
    more = "followers: [bob, ann]\n          votes: {ann: votedUp, bob: votedDown}"
    table = answer(seeded(tmp_path, TABLE.format(more=more)), "tables", "s.d.c.t")
    assert names(table["followers"]) == ["bob", "ann"]
    assert (names(table["votes"]["upVoters"]), names(table["votes"]["downVoters"])) == (["ann"], ["bob"])


def test_every_link_is_known_from_both_ends(tmp_path: Path) -> None:
    root = seeded(tmp_path, TABLE.format(more="followers: [bob, ann]")).root
    forth = {(source, relation, target) for (source, relation), links in root.web.all() for target in links}
    back = {
        (source, relation, target)
        for relation, ends in root.web.back.items()
        for target, sources in ends.items()
        for source in sources
    }
    assert forth == back
    assert len(forth) == 5


def test_a_deleted_record_is_listed_among_the_deleted_alone(tmp_path: Path) -> None:
    world = Transaction(seeded(tmp_path, TABLE.format(more="deleted: true")).root)
    assert [name for name, _ in world.keys("tables", deleted=True)] == ["t"]
    assert list(world.keys("tables")) == []


def test_marked_records_are_named_in_order_and_the_mark_is_not_kept(tmp_path: Path) -> None:
    text = """
        records:
          users:
            - {name: zoe, email: zoe@example.com, x-token: true}
            - {name: bob, email: bob@example.com, x-token: false}
            - {name: ann, email: ann@example.com, x-token: true}
        """
    seeds = seeded(tmp_path, text)
    assert seeds.marked == ("zoe", "ann")
    assert "x-token" not in record(seeds, "users", "zoe").data


def test_the_same_file_gives_the_same_world(tmp_path: Path) -> None:
    text = TABLE.format(more="followers: [ann]")
    assert digest(seeded(tmp_path, text).root) == digest(seeded(tmp_path, text).root)


def test_json_is_read_as_well(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, '{"records": {"users": [{"name": "ann", "email": "ann@example.com"}]}}')
    assert record(seeds, "users", "ann").data["email"] == "ann@example.com"
