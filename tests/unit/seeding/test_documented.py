"""The default set holds what the seed pages show, and who may do what."""

from __future__ import annotations

from functools import cache

import pytest

from mockserver.contract.validation import violations_of
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.load import seed_root
from mockserver.seeding.seeds import Seeds
from mockserver.world.transaction import Transaction
from tests.support.worlds import HOME, answer, digest, history, names, openmetadata, record


@cache
def documented() -> Seeds:
    return seed_root(openmetadata(), OpenMetadata())


@pytest.mark.parametrize(
    ("resource", "name", "id"),
    [
        (
            "tables",
            "sample_data.ecommerce_db.shopify.agent_performance_summary",
            "455e3d9d-dbbf-455e-b3be-7191daa825f3",
        ),
        ("users", "admin", "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"),
        ("teams", "Accounting", "449b5f25-4cbb-42db-8f71-3be2c5cd888a"),
    ],
)
def test_a_record_of_the_pages_has_its_id(resource: str, name: str, id: str) -> None:
    assert record(documented(), resource, name).id == id


@pytest.mark.parametrize("name", ["admin", "ingestion-bot", "consumer", "guest"])
def test_a_token_is_promised_to_each_kind_of_caller(name: str) -> None:
    assert name in documented().marked
    assert record(documented(), "users", name).name == name


def test_the_set_is_the_default_of_its_contract() -> None:
    assert digest(seed_root(openmetadata(), OpenMetadata(), "documented").root) == digest(documented().root)


def test_the_team_has_the_two_versions_of_the_pages() -> None:
    present = answer(documented(), "teams", "Accounting")
    (older,) = history(documented(), "teams", "Accounting")
    updated = "Updated: Accounting team handling all financial reporting"
    assert (present["version"], present["teamType"], present["description"]) == (0.2, "Group", updated)
    assert (older["version"], older["id"], older["teamType"]) == (0.1, present["id"], "Group")
    assert "description" not in older
    assert names(older["parents"]) == names(present["parents"])


def test_an_older_version_has_the_address_of_its_record() -> None:
    (older,) = history(documented(), "teams", "Accounting")
    assert older["href"] == f"{HOME}/v1/teams/{older['id']}"


def test_every_record_and_every_older_version_keeps_to_its_schema() -> None:
    contract, root = openmetadata(), documented().root
    world = Transaction(root)
    for each in root.records.values():
        resource = contract.resources[each.resource]
        shown = OpenMetadata().show(world, contract, each, HOME)
        assert violations_of(contract, resource.schema, shown) == []
    for id in root.histories:
        resource = contract.resources[root.records[id].resource]
        for older in history(documented(), resource.name, root.records[id].data["fullyQualifiedName"]):
            assert violations_of(contract, resource.schema, older) == []


def test_the_pages_find_their_table_without_followers_and_votes() -> None:
    table = answer(documented(), "tables", "sample_data.ecommerce_db.shopify.agent_performance_summary")
    assert table["followers"] == []
    assert table["votes"] == {"upVotes": 0, "downVotes": 0, "upVoters": [], "downVoters": []}
    assert table["columns"]


def test_a_contract_without_sets_begins_empty() -> None:
    unknown = openmetadata()._replace(name="something_else")
    seeds = seed_root(unknown, OpenMetadata())
    assert (len(seeds.root.records), seeds.marked) == (0, ())


def test_what_is_made_later_never_takes_an_id_of_the_seeds() -> None:
    transaction = Transaction(documented().root)
    assert transaction.new_id() not in documented().root.records
