"""Drafts: they remember what their worlds do as long as both are in one state."""

from __future__ import annotations

import pytest

from mockserver.exchange import Reply
from mockserver.world.draft import Draft, adopt
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.world import World

ANSWER = Reply(200)


def change(world: World) -> None:
    transaction = world.begin()
    transaction.put(Record("users", "ann", {"id": "ann", "name": "ann"}), "ann")
    world.commit(transaction)


def test_an_answer_that_changed_nothing_is_remembered_by_world_and_draft() -> None:
    world = World(Root())
    world.remember("before", "ann", ANSWER)
    draft = Draft(world)
    draft.remember("in the draft", "ann", ANSWER)
    assert set(world.memo) == set(draft.memo) == {"before", "in the draft"}


def test_a_change_of_a_draft_leaves_alone_what_its_world_remembers() -> None:
    world = World(Root())
    world.remember("before", "ann", ANSWER)
    draft = Draft(world)
    change(draft)
    draft.remember("after", "ann", ANSWER)
    assert (set(world.memo), set(draft.memo)) == ({"before"}, {"after"})
    adopt(world, draft)
    assert set(world.memo) == {"after"}


def test_a_draft_that_takes_a_job_back_remembers_what_it_did_before() -> None:
    world = World(Root())
    world.remember("before", "ann", ANSWER)
    draft = Draft(world)

    def job(world: World) -> None:
        change(world)
        world.remember("after", "ann", ANSWER)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        draft.attempt(job)
    assert (draft.root, set(draft.memo)) == (world.root, {"before"})
