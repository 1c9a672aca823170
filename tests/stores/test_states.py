"""A world changes wholly or not at all, and goes back to what it was."""

from __future__ import annotations

from typing import Any, NoReturn

import orjson
import pytest

from mockserver.exchange import Problem
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault
from mockserver.world.registry import DEFAULT, Limits, Source
from mockserver.world.transfer import export_state, import_state
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.conftest import Open
from tests.stores.kept import TABLE, Kept, call, refusal
from tests.support.engines import contract_of

Json = Any
GROUP = {"name": "Mine", "teamType": "Group"}


def patch(text: str) -> Json:
    return [{"op": "add", "path": "/description", "value": text}]


def all_of(world: World) -> Json:
    """Everything that a world holds but the latest requests."""
    snapshots = {name: (kept.records, export_state(kept.root)) for name, kept in world.snapshots.items()}
    return export_state(world.root), world.faults, snapshots


def rich(kept: Kept, name: str = DEFAULT) -> None:
    """Gives a world something of everything."""
    kept.ask("PATCH", TABLE, patch("rich"), name)
    kept.ask("PUT", f"{TABLE}/followers", KNOWN["maya"], name)
    kept.ask("PUT", f"{TABLE}/vote", {"updatedVoteType": "votedUp"}, name)
    kept.ask("DELETE", f"/tables/{KNOWN['dim_agent']}", None, name)
    kept.ask("DELETE", f"/tables/{KNOWN['dim_customer']}?hardDelete=true", None, name)
    kept.ask("POST", "/teams", GROUP, name)
    kept.change(lambda world: world.set_clock(Clock(frozen=1_800_000_000_000)), name)
    kept.change(lambda world: world.snapshot("first"), name)
    kept.ask("PATCH", TABLE, patch("richer"), name)
    kept.change(lambda world: world.add_fault(Fault(0, "addTeam*", status=503, remaining=3)), name)


class Stop(Exception):
    """Something that goes wrong in a job."""


@pytest.mark.parametrize("error", [Problem(409, "no"), Stop("no")], ids=["refusal", "failure"])
def test_a_job_that_fails_leaves_nothing(kept: Kept, error: Exception) -> None:
    rich(kept)
    before, requests = kept.look(all_of), kept.look(lambda world: len(world.journal))

    def job(world: World) -> NoReturn:
        transaction = world.begin()
        record = transaction.record(KNOWN["table"])
        assert record is not None
        transaction.replace(record._replace(data={**record.data, "description": "half"}))
        world.commit(transaction)
        world.snapshot("half")
        world.snapshots.pop("first")
        world.add_fault(Fault(0, status=500))
        world.set_clock(Clock(offset=1))
        world.forget_requests()
        raise error

    with pytest.raises(type(error), match="no"):
        kept.change(job)

    assert kept.look(all_of) == before
    assert kept.look(lambda world: len(world.journal)) == requests
    assert kept.ask("PATCH", TABLE, patch("after"))["description"] == "after"


def test_a_refused_request_leaves_nothing_but_its_line_in_the_journal(kept: Kept) -> None:
    before, seen = kept.look(all_of), kept.look(lambda world: world.journal.written)

    reply = kept.answer(call("PATCH", TABLE, [*patch("half"), {"op": "remove", "path": "/nothing"}]))

    assert reply.status == 400
    assert kept.look(all_of) == before
    assert kept.look(lambda world: world.journal.written) == seen + 1


def test_a_reset_goes_back_to_what_the_world_started_from(kept: Kept) -> None:
    kept.ask("PATCH", TABLE, patch("source"))
    kept.create("one", Source(DEFAULT))
    started = kept.look(all_of, "one")
    rich(kept, "one")

    kept.change(World.reset, "one")

    assert kept.look(all_of, "one") == started
    assert kept.ask("GET", TABLE, None, "one")["description"] == "source"
    assert kept.look(lambda world: [each.sequence for each in world.journal], "one") == [1]


def test_after_a_reset_the_same_requests_give_the_same_ids(kept: Kept) -> None:
    first = kept.ask("POST", "/teams", GROUP)["id"]

    kept.change(World.reset)

    assert kept.ask("POST", "/teams", GROUP)["id"] == first


def test_a_snapshot_is_what_is_gone_back_to_as_often_as_one_likes(kept: Kept) -> None:
    rich(kept)
    (state, _, _), faults = kept.look(all_of), kept.look(lambda world: world.faults)
    kept.change(lambda world: world.snapshot("kept"))

    for text in ("one", "other"):
        kept.ask("PATCH", TABLE, patch(text))
        kept.ask("PUT", f"{TABLE}/followers", KNOWN["lars"])
        assert kept.change(lambda world: world.restore("kept"))
        assert kept.look(lambda world: export_state(world.root)) == state
        assert kept.look(lambda world: world.faults) == faults

    assert kept.change(lambda world: world.restore("first"))
    assert kept.ask("GET", TABLE)["description"] == "rich"
    assert kept.look(lambda world: list(world.snapshots)) == ["first", "kept"]


def test_a_snapshot_that_is_taken_again_is_the_newer_one(kept: Kept) -> None:
    kept.change(lambda world: world.snapshot("kept"))
    kept.ask("PATCH", TABLE, patch("newer"))
    kept.change(lambda world: world.snapshot("kept"))
    kept.change(World.reset)
    assert not kept.change(lambda world: world.restore("kept"))

    kept.ask("PATCH", TABLE, patch("older"))
    kept.change(lambda world: world.snapshot("kept"))
    kept.ask("PATCH", TABLE, patch("newest"))
    kept.change(lambda world: world.snapshot("kept"))
    kept.ask("PATCH", TABLE, patch("lost"))
    assert kept.change(lambda world: world.restore("kept"))
    assert kept.ask("GET", TABLE)["description"] == "newest"


def test_a_forgotten_snapshot_is_not_there(kept: Kept) -> None:
    kept.change(lambda world: world.snapshot("kept"))
    kept.change(lambda world: world.snapshots.pop("kept"))

    assert kept.look(lambda world: dict(world.snapshots)) == {}
    assert refusal(lambda: kept.create("one", Source(DEFAULT, "kept")))[0] == 404


def test_what_is_restored_is_not_moved_by_what_comes_after(kept: Kept) -> None:
    kept.change(lambda world: world.snapshot("kept"))
    state = kept.look(lambda world: export_state(world.root))
    kept.change(lambda world: world.restore("kept"))
    kept.ask("PATCH", TABLE, patch("after"))

    assert export_state(kept.root(Source(DEFAULT, "kept"))) == state


def test_several_steps_in_one_job_are_one_change(kept: Kept) -> None:
    def job(world: World) -> None:
        world.set_clock(Clock(frozen=1))
        world.snapshot("one")
        world.set_clock(Clock(frozen=2))
        world.snapshot("two")
        world.restore("one")
        world.set_clock(Clock(frozen=world.root.clock.now() + 10))

    kept.change(job)

    assert kept.look(lambda world: world.root.clock.now()) == 11
    times = [kept.root(Source(DEFAULT, name)).clock.now() for name in ("one", "two")]
    assert times == [1, 2]


def test_a_whole_state_is_taken_in_and_handed_out_as_it_was(kept: Kept) -> None:
    rich(kept)
    document = orjson.loads(orjson.dumps(kept.look(lambda world: export_state(world.root))))
    kept.create("one")
    root = import_state(document, contract_of("docs").stored_by_resource)

    kept.change(lambda world: world.go_to(root), "one")

    assert kept.look(lambda world: export_state(world.root), "one") == document
    assert kept.ask("PUT", f"{TABLE}/followers", KNOWN["lars"], "one")["followers"][-1]["id"] == KNOWN["lars"]


def test_a_planned_fault_strikes_reads_and_writes_as_often_as_it_says(kept: Kept) -> None:
    kept.change(lambda world: world.add_fault(Fault(0, status=503, remaining=4)))
    calls = [call("GET", TABLE), call("PUT", f"{TABLE}/followers", KNOWN["maya"])] * 3

    statuses = [kept.answer(each).status for each in calls]

    assert statuses == [503] * 4 + [200] * 2
    assert kept.look(lambda world: [each.remaining for each in world.faults.planned]) == [0]


def test_a_world_that_is_full_takes_nothing_more_and_loses_nothing(open: Open) -> None:
    kept = open(Limits(records=len(open().root().records) + 1))
    kept.ask("POST", "/teams", GROUP)
    before = kept.look(all_of)

    reply = kept.answer(call("POST", "/teams", {**GROUP, "name": "Other"}))

    assert reply.status == 507
    assert kept.look(all_of) == before
    assert kept.ask("PATCH", TABLE, patch("still"))["description"] == "still"


def test_what_a_source_means_does_not_change_any_more(kept: Kept) -> None:
    root = kept.root(Source(DEFAULT))
    before = export_state(root)

    rich(kept)
    kept.change(World.reset)

    assert export_state(root) == before


def test_requests_are_remembered_in_order_until_they_are_forgotten(kept: Kept) -> None:
    for user in ("admin", "maya_chen2", "admin"):
        kept.ask("GET", TABLE, user=user)
    kept.ask("PUT", f"{TABLE}/followers", KNOWN["maya"])
    told = kept.look(lambda world: [(each.sequence, each.principal, each.call.method) for each in world.journal])
    assert told == [(1, "admin", "GET"), (2, "maya_chen2", "GET"), (3, "admin", "GET"), (4, "admin", "PUT")]

    kept.change(lambda world: world.forget_requests())

    assert kept.look(lambda world: (len(world.journal), world.journal.written)) == (0, 0)


def test_other_seeds_are_what_new_worlds_start_from(kept: Kept) -> None:
    kept.ask("POST", "/teams", GROUP)
    seeds = kept.root(Source(DEFAULT))

    kept.run(kept.worlds.reseed(seeds))
    kept.create("one")

    assert kept.ask("GET", "/teams/name/Mine", None, "one")["name"] == "Mine"
