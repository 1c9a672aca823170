"""Fields that follow from other records: those whom nearness calls alike have them alike, whatever was written."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from mockserver.behaviours.context import Context, Principal
from mockserver.behaviours.indexing import index_of
from mockserver.behaviours.kinship import Kinship
from mockserver.behaviours.nearness import Near, of_member
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.search import bits
from mockserver.search.kin import NOWHERE
from mockserver.seeding.load import seed_root
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from tests.conversations.known import KNOWN
from tests.support.engines import Caller, contract_of, seeds_of

Json = Any
DIALECT = OpenMetadata()
TABLE, SCHEMA, MAYA = KNOWN["table"], KNOWN["schema"], KNOWN["maya"]


def written() -> Root:
    """The seeds after some writes that show in other records."""
    caller = Caller()
    owners = [{"op": "add", "path": "/owners", "value": [{"id": MAYA, "type": "user"}]}]
    caller.ask("PATCH", f"/databaseSchemas/{SCHEMA}", owners)
    caller.ask("PUT", f"/tables/{TABLE}/followers", MAYA)
    caller.ask("PUT", f"/tables/{TABLE}/vote", {"updatedVoteType": "votedUp"})
    caller.ask("PUT", "/domains", {"name": "sales", "domainType": "Aggregate", "description": "d"})
    caller.ask("PUT", "/dataProducts", {"name": "orders", "domains": ["sales"], "description": "d"})
    return caller.world.root


@pytest.mark.parametrize("root", [seeds_of("docs"), written()], ids=["seeds", "written"])
def test_a_field_by_itself_is_the_field_of_the_answer(root: Root) -> None:
    contract, there = contract_of("docs"), Transaction(root)
    for record in there.records.values():
        resource = contract.resources[record.resource]
        shown = DIALECT.show(there, contract, record, NOWHERE)
        names = [name for name in DIALECT.around(resource) if DIALECT.near(contract, resource, name) is not None]
        assert {name: shown.get(name) for name in names} == {
            name: DIALECT.beside(there, contract, record, name) for name in names
        }


@pytest.mark.parametrize("fixtures", ["documented", "large"])
def test_those_that_are_alike_show_the_same(fixtures: str) -> None:
    contract = contract_of("docs")
    root = written() if fixtures == "documented" else seed_root(contract, DIALECT, fixtures).root
    world = Transaction(root._replace(descent=None))
    operation = next(each for each in contract.operations if each.behaviour == "search")
    context = Context(contract, operation, {}, None, Principal("admin", admin=True), world, DIALECT, NOWHERE)
    ((segment, there),) = index_of(context).parts
    names = {name for resource in contract.by_entity.values() for name in DIALECT.around(resource)}
    fewer = 0
    for name in sorted(names):
        kinship = Kinship(segment, partial(_near, name))
        for _, group, one in kinship.groups(world, there & segment.following(name)):
            expected = DIALECT.beside(world, contract, segment.entries[one].record, name)
            for number in group:
                assert DIALECT.beside(world, contract, segment.entries[number].record, name) == expected, name
            fewer += len(group) - 1
    assert fewer > bits.upto(segment.size).bit_count()


def _near(name: str, resource: str) -> Near | None:
    contract = contract_of("docs")
    return of_member(contract, contract.resources[resource], name)


def test_what_is_taken_from_a_schema_is_found_as_it_is_now() -> None:
    caller = Caller()
    query = "/search/query?index=table&size=0&q=owners.name:"
    before = [_total(caller, f"{query}{name}") for name in ("maya_chen2", "lars_nilsson5")]
    for name, id in (("maya_chen2", MAYA), ("lars_nilsson5", KNOWN["lars"])):
        owners = [{"op": "add", "path": "/owners", "value": [{"id": id, "type": "user"}]}]
        caller.ask("PATCH", f"/databaseSchemas/{SCHEMA}", owners)
        assert _total(caller, f"{query}{name}") > sum(before)
    assert _total(caller, f"{query}maya_chen2") == before[0]


def test_what_leads_to_a_record_is_found_as_it_is_now() -> None:
    caller = Caller()
    query = "/search/query?index=domain&q=childrenCount:1"
    assert _total(caller, query) == 0
    caller.ask("PUT", "/domains", {"name": "zebra", "domainType": "Aggregate", "description": "d", "parent": "Sales"})
    assert _total(caller, query) == 1


def _total(caller: Caller, path: str) -> int:
    return int(caller.ask("GET", path)["hits"]["total"]["value"])
