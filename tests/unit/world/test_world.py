"""The one name that changes: reset, snapshots, clock, and answers remembered no longer than they are right."""

from __future__ import annotations

from mockserver.exchange import Call, Reply
from mockserver.world import memo
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault, Faults
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.world import World

USER = Record("users", "ann", {"id": "ann", "name": "ann"})


def changed(world: World) -> Root:
    transaction = world.begin()
    transaction.put(USER, "ann")
    world.commit(transaction)
    return world.root


def test_a_reset_goes_back_to_the_seeds_in_every_respect() -> None:
    seeds = Root(seed=3)
    world = World(seeds)
    changed(world)
    world.set_clock(Clock(frozen=1))
    world.snapshot("before")
    world.add_fault(Fault(0))
    world.journal.write(0, None, None, Call("GET", "/"), Reply(200), None)
    world.remember("key", "ann", Reply(200))
    world.reset()
    assert world.root is seeds
    assert world.faults == Faults()
    assert (world.snapshots, len(world.journal), world.memo) == ({}, 0, {})


def test_a_snapshot_is_gone_back_to_as_often_as_one_likes() -> None:
    world = World(Root())
    before = world.root
    world.snapshot("start")
    for _ in range(2):
        changed(world)
        assert world.restore("start")
        assert world.root is before
    assert not world.restore("never taken")


def test_a_remembered_answer_goes_with_the_root_it_was_given_of() -> None:
    world = World(Root())
    for change in (lambda: changed(world), lambda: world.set_clock(Clock(frozen=1)), world.reset):
        world.remember("key", "ann", Reply(200))
        change()
        assert world.memo == {}


def test_no_more_answers_are_remembered_than_fit() -> None:
    world = World(Root())
    for number in range(3 * memo.MOST_ANSWERS):
        world.remember(number, "ann", Reply(200))
        assert len(world.memo) <= memo.MOST_ANSWERS


def test_a_transaction_that_is_not_committed_changes_nothing() -> None:
    world = World(Root())
    before = world.root
    world.begin().put(USER, "ann")
    assert world.root is before


def test_no_larger_answers_are_remembered_than_fit() -> None:
    world = World(Root())
    large = bytes(memo.MOST_BYTES // 4)
    for number in range(20):
        world.remember(number, "ann", Reply(200, large))
        assert sum(len(reply.body) for _, reply in world.memo.values()) <= memo.MOST_BYTES
    assert world.memo
