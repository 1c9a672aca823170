"""The large set: as much as it promises, sound to the last record, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from mockserver.contract.validation import violations_of
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.load import seed_root
from mockserver.seeding.seeds import Seeds
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.world import World
from tests.support.worlds import HOME, gist, openmetadata

RECORDED = "c3b31c938355dd14b6e14fbc69f5ae8062aaf55f09e966afcac0e96828417a65"


@cache
def large() -> Seeds:
    return seed_root(openmetadata(), OpenMetadata(), "large")


@cache
def documented() -> Root:
    return seed_root(openmetadata(), OpenMetadata()).root


def test_there_is_as_much_as_promised() -> None:
    added = Counter(each.resource for id, each in large().root.records.items() if id not in documented().records)
    assert added == {
        "teams": 50,
        "users": 500,
        "databaseServices": 10,
        "databases": 40,
        "databaseSchemas": 200,
        "tables": 10_000,
    }


def test_tables_have_owners_followers_votes_and_histories() -> None:
    root = large().root
    tables = [id for id, each in root.records.items() if each.resource == "tables"]
    for relation in ("owners", "followers", "votes"):
        share = sum(bool(root.web.links(id, relation)) for id in tables) / len(tables)
        assert 0.4 < share < 0.9, relation
    assert 0.3 < sum(id in root.histories for id in tables) / len(tables) < 0.7
    assert {vote for id in tables for vote in root.web.links(id, "votes").values()} == {
        "votedUp",
        "votedDown",
    }


def test_the_documented_records_are_in_it_unchanged() -> None:
    root = large().root
    for id, each in documented().records.items():
        assert root.records[id].data == each.data
        assert root.histories.get(id) == documented().histories.get(id)
    for key, links in documented().web.all():
        assert root.web.links(*key) == links
    assert large().marked == ("admin", "ingestion-bot", "consumer", "guest")


def test_every_record_keeps_to_its_schema() -> None:
    contract, dialect, world = openmetadata(), OpenMetadata(), Transaction(large().root)
    for each in large().root.records.values():
        shown = dialect.show(world, contract, each, HOME)
        assert violations_of(contract, contract.resources[each.resource].schema, shown) == []


def test_names_and_lists_agree_with_the_records() -> None:
    root = large().root
    assert len(root.names) == len(root.records)
    assert all(root.records[id].data["fullyQualifiedName"] == name for (_, name), id in root.names.items())
    listed = Counter({name: len(keys) for name, keys in root.listing.living.items()})
    listed.update({name: len(keys) for name, keys in root.listing.deleted.items()})
    assert listed == Counter(each.resource for each in root.records.values())


def test_the_seed_means_the_same_world_on_every_machine() -> None:
    assert gist(large().root, documented().records) == RECORDED


def test_resetting_it_is_one_assignment() -> None:
    world = World(large().root)
    transaction = world.begin()
    table = next(id for id, each in large().root.records.items() if each.resource == "tables")
    transaction.replace(large().root.records[table].with_data(description="changed"))
    world.commit(transaction)
    assert world.root is not large().root
    world.reset()
    assert world.root is large().root


@pytest.mark.parametrize("resource", ["tables", "users", "teams"])
def test_names_look_like_names(resource: str) -> None:
    generated = [
        each.name
        for id, each in large().root.records.items()
        if each.resource == resource and id not in documented().records
    ]
    assert all(name.replace("_", "").isalnum() and name == name.lower() for name in generated)
