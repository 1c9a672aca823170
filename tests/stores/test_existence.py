"""Worlds come, are found, and go: by name, by their ttl, and when there are too many."""

from __future__ import annotations

import pytest

from mockserver.world.registry import DEFAULT, Limits, Source
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.conftest import Open
from tests.stores.kept import TABLE, Kept, call, refusal
from tests.support.worlds import digest

GROUP = {"name": "Mine", "teamType": "Group"}


def nothing(world: World) -> None:
    """Looks at a world, which is a use of it."""


def ways_in(kept: Kept, name: str) -> list[tuple[int, str]]:
    """How each way to a world that is not there is refused."""
    return [
        refusal(lambda: kept.look(nothing, name)),
        refusal(lambda: kept.change(nothing, name)),
        refusal(lambda: kept.described(name)),
        refusal(lambda: kept.delete(name)),
        refusal(lambda: kept.create(None, Source(name))),
        refusal(lambda: kept.root(Source(name))),
        refusal(lambda: kept.answer(call("GET", TABLE, None, name))),
        refusal(lambda: kept.answer(call("POST", "/teams", GROUP, name))),
    ]


def test_the_default_world_is_there_from_the_start(kept: Kept) -> None:
    assert kept.names() == [DEFAULT]
    assert digest(kept.look(lambda world: world.root)) == digest(kept.root())
    assert digest(kept.worlds.default.root) == digest(kept.root())


def test_a_world_is_told_of_as_it_was_made(kept: Kept) -> None:
    kept.change(lambda world: world.snapshot("kept"))
    made = kept.create("one", Source(DEFAULT, "kept"), 60.0)

    assert (made.name, made.source, made.ttl) == ("one", "snapshot kept of default", 60.0)
    assert (made.snapshots, made.requests, made.idle) == (0, 0, 0.0)
    assert made.records == len(kept.root().records)
    assert kept.described("one") == made
    assert kept.names() == [DEFAULT, "one"]


def test_what_is_told_of_a_world_follows_what_is_done_to_it(kept: Kept) -> None:
    before = kept.create("one")
    kept.ask("POST", "/teams", GROUP, "one")
    kept.change(lambda world: world.snapshot("kept"), "one")
    kept.now.seconds += 5

    (told,) = (each for each in kept.run(kept.worlds.listed()) if each.name == "one")

    assert (told.records, told.snapshots, told.requests) == (before.records + 1, 1, 1)
    assert told.idle == 5


@pytest.mark.parametrize("number", range(2))
def test_a_world_that_never_was_is_not_found_on_any_way(kept: Kept, number: int) -> None:
    kept.create("one")
    name, hint = (("onee", "did you mean 'one'?"), ("quite-other", "POST /__mock__/worlds"))[number]

    for status, reason in ways_in(kept, name):
        assert status == 404
        assert hint in reason
    assert kept.worlds.known(name) is None


def test_a_deleted_world_is_gone_on_every_way_and_the_answer_says_why(kept: Kept) -> None:
    kept.create("one")

    kept.delete("one")

    assert set(ways_in(kept, "one")) == {(410, "the world 'one' was deleted")}
    assert kept.names() == [DEFAULT]


def test_a_name_is_free_again_after_its_world_was_deleted(kept: Kept) -> None:
    kept.create("one")
    kept.ask("POST", "/teams", GROUP, "one")
    kept.change(lambda world: world.snapshot("kept"), "one")
    kept.delete("one")

    kept.create("one")

    assert digest(kept.look(lambda world: world.root, "one")) == digest(kept.root())
    told = kept.described("one")
    assert (told.snapshots, told.requests) == (0, 0)
    assert kept.ask("POST", "/teams", GROUP, "one")["name"] == "Mine"


def test_the_default_world_stays(kept: Kept) -> None:
    assert refusal(lambda: kept.delete(DEFAULT))[0] == 409
    assert kept.names() == [DEFAULT]


def test_a_name_that_is_taken_is_refused_and_its_world_stays_as_it_is(kept: Kept) -> None:
    kept.create("one")
    kept.ask("POST", "/teams", GROUP, "one")
    state = kept.look(lambda world: digest(world.root), "one")

    for name in ("one", DEFAULT):
        status, reason = refusal(lambda name=name: kept.create(name))  # type: ignore[misc]
        assert (status, repr(name) in reason) == (409, True)

    assert kept.look(lambda world: digest(world.root), "one") == state


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "ä", "n" * 65, "a\n"])
def test_a_name_that_is_none_is_refused(kept: Kept, name: str) -> None:
    assert refusal(lambda: kept.create(name))[0] == 400
    assert kept.names() == [DEFAULT]


def test_a_source_that_is_not_there_makes_no_world(kept: Kept) -> None:
    kept.change(lambda world: world.snapshot("kept"))

    assert refusal(lambda: kept.create("one", Source("nowhere")))[0] == 404
    status, reason = refusal(lambda: kept.create("one", Source(DEFAULT, "kep")))
    assert (status, "did you mean 'kept'?" in reason) == (404, True)
    assert kept.names() == [DEFAULT]


def test_worlds_without_a_name_are_given_one_each(kept: Kept) -> None:
    kept.create("world-2")

    names = [kept.create().name for _ in range(3)]

    assert len({*names, "world-2"}) == 4
    assert kept.names() == [DEFAULT, "world-2", *names]


def test_a_world_that_nobody_uses_for_its_ttl_is_gone(kept: Kept) -> None:
    kept.create("brief", ttl=10.0)
    kept.create("lasting")
    kept.now.seconds += 10
    kept.look(nothing, "brief")
    kept.now.seconds += 10
    kept.ask("GET", TABLE, None, "brief")
    kept.now.seconds += 10
    kept.ask("PUT", f"{TABLE}/followers", KNOWN["maya"], "brief")

    kept.now.seconds += 10.5

    assert kept.names() == [DEFAULT, "lasting"]
    reason = "the world 'brief' was not used for 10 seconds, as its ttl says, and is gone"
    assert set(ways_in(kept, "brief")) == {(410, reason)}


def test_listing_worlds_is_no_use_of_them(kept: Kept) -> None:
    kept.create("brief", ttl=10.0)
    for _ in range(3):
        kept.now.seconds += 4
        kept.names()
        kept.worlds.known("brief")

    assert refusal(lambda: kept.look(nothing, "brief"))[0] == 410


def test_the_world_that_was_not_used_for_the_longest_time_makes_room(open: Open) -> None:
    kept = open(Limits(worlds=4))
    for name in ("a", "b", "c"):
        kept.now.seconds += 1
        kept.create(name)
    for name in ("b", "a"):
        kept.now.seconds += 1
        kept.look(nothing, name)

    kept.now.seconds += 1
    kept.create("d")

    assert sorted(kept.names()) == ["a", "b", "d", DEFAULT]
    reason = "the world 'c' made room for newer ones: at most 4 are kept, as --max-worlds says"
    assert set(ways_in(kept, "c")) == {(410, reason)}


def test_a_refused_world_drives_no_other_away(open: Open) -> None:
    kept = open(Limits(worlds=2))
    kept.create("one")

    for name, source in (("one", Source()), ("a b", Source()), ("two", Source("nowhere"))):
        refusal(lambda name=name, source=source: kept.create(name, source))  # type: ignore[misc]

    assert kept.names() == [DEFAULT, "one"]


def test_where_only_the_default_world_may_be_no_other_comes(open: Open) -> None:
    kept = open(Limits(worlds=1))

    assert refusal(lambda: kept.create("one"))[0] == 409
    assert kept.names() == [DEFAULT]
