"""The index: made once for all worlds of one beginning, and true of each of them."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.behaviours import indexing
from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.search.documents import reached
from mockserver.world.descent import Descent
from mockserver.world.registry import Limits, Registry, Source
from mockserver.world.transaction import Transaction
from tests.conversations.known import KNOWN
from tests.support.engines import ORIGIN, Caller, contract_of, seeds_of

Json = Any


def test_what_is_not_around_a_record_follows_from_itself_and_its_labels() -> None:
    contract, dialect, there = contract_of("docs"), OpenMetadata(), Transaction(seeds_of("docs"))
    for record in there.records.values():
        resource = contract.resources[record.resource]
        around = dialect.around(resource)
        shown = dialect.show(there, contract, record, f"{ORIGIN}/api")
        own = dialect.own(_Given(there, contract), record)  # type: ignore[arg-type]
        for steps in (
            each for name in (shown.keys() | own.keys()) - around for each in _paths((name,), shown.get(name))
        ):
            read = dialect.reader(resource, steps)
            known = None if read is None else read(own)
            assert reached({steps[0]: known}, steps) == reached({steps[0]: shown.get(steps[0])}, steps), steps


def _paths(steps: tuple[str, ...], value: Json) -> set[tuple[str, ...]]:
    """These steps, and all that lead on from there."""
    items = value if isinstance(value, list) else [value]
    deeper = (_paths((*steps, name), each) for item in items if isinstance(item, dict) for name, each in item.items())
    return {steps}.union(*deeper)


class _Given:
    """As much of a context as is asked for."""

    def __init__(self, world: Transaction, contract: Any) -> None:
        self.world, self.contract, self.home = world, contract, f"{ORIGIN}/api"


def test_forks_and_resets_share_what_was_worked_out_of_the_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    begin = indexing._begun

    def counted(context: Context) -> indexing.Index:
        begun.append(1)
        return begin(context)

    monkeypatch.setattr(indexing, "_begun", counted)
    caller = Caller()
    registry = Registry(caller.world.root._replace(descent=Descent()), Limits(), lambda: 0.0)
    for name in ("one", "two"):
        caller.world = registry.create(name, Source(world="default")).world
        caller.ask("PUT", "/teams", {"name": f"zebras-{name}", "teamType": "Group"})
        assert _names(caller, "zebras") == [f"zebras-{name}"]
    caller.world.reset()
    assert _names(caller, "zebras") == []
    assert begun == [1]


def test_nothing_is_indexed_before_somebody_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "index_of", pytest.fail)
    caller = Caller()
    caller.ask("PUT", "/teams", {"name": "zebras", "teamType": "Group"})
    caller.ask("GET", "/tables")


def test_many_writes_leave_few_segments() -> None:
    caller = Caller()
    for number in range(60):
        caller.ask("PUT", "/teams", {"name": f"zebra-{number}", "teamType": "Group"})
        assert caller.ask("GET", "/search/query?q=zebra&index=all")["hits"]["total"]["value"] == number + 1
    descent = caller.world.root.descent
    assert descent is not None
    assert len(descent.index.parts) <= 3


def test_votes_of_who_is_gone_raise_nothing() -> None:
    caller = Caller()
    caller.reply("PUT", f"/tables/{KNOWN['table']}/vote", {"updatedVoteType": "votedUp"}, user="maya_chen2")
    before = _score(caller)
    caller.ask("DELETE", f"/users/{KNOWN['maya']}?hardDelete=true")
    assert _score(caller) < before


def _score(caller: Caller) -> float:
    hits = caller.ask("GET", "/search/query?q=agent_performance_summary&index=table")["hits"]["hits"]
    return next(float(hit["_score"]) for hit in hits if hit["_id"] == KNOWN["table"])


def _names(caller: Caller, word: str) -> list[str]:
    return [hit["_source"]["name"] for hit in caller.ask("GET", f"/search/query?q={word}&index=all")["hits"]["hits"]]
