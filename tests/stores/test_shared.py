"""What one server does to a world in a store that is shared, another one knows when it is asked next."""

from __future__ import annotations

import asyncio
from os import cpu_count

import pytest

from mockserver.world.clock import Clock
from mockserver.world.faults import Fault
from mockserver.world.registry import DEFAULT, Limits, Source
from mockserver.world.transfer import export_state
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.conftest import SHARED, Open
from tests.stores.kept import TABLE, Kept, call, refusal
from tests.stores.test_states import all_of, rich
from tests.stores.test_together import counted
from tests.support.worlds import digest

Pair = tuple[Kept, Kept]
pytestmark = pytest.mark.parametrize("kind", SHARED, indirect=True)


@pytest.fixture
def pair(open: Open) -> Pair:
    return open(), open()


def description(kept: Kept, name: str = DEFAULT) -> str:
    told: str = kept.ask("GET", TABLE, None, name)["description"]
    return told


def patch(kept: Kept, text: str, name: str = DEFAULT) -> None:
    kept.ask("PATCH", TABLE, [{"op": "add", "path": "/description", "value": text}], name)


def test_each_sees_at_once_what_the_other_wrote(pair: Pair) -> None:
    for number in range(10):
        writer, reader = pair[number % 2], pair[1 - number % 2]
        patch(writer, f"text {number}")
        assert description(reader) == f"text {number}"
    assert pair[0].look(all_of) == pair[1].look(all_of)


def test_all_that_a_world_holds_is_the_same_for_both(pair: Pair) -> None:
    one, other = pair
    one.create("one", ttl=60.0)
    rich(one, "one")

    assert other.look(all_of, "one") == one.look(all_of, "one")
    told = other.described("one")
    assert (told.source, told.ttl, told.snapshots) == ("fixtures", 60.0, 1)
    assert other.change(lambda world: world.restore("first"), "one")
    assert description(one, "one") == "rich"


def test_a_planned_fault_strikes_once_whoever_is_asked(pair: Pair) -> None:
    one, other = pair
    one.change(lambda world: world.add_fault(Fault(0, status=503, remaining=1)))

    assert [kept.answer(call("GET", TABLE)).status for kept in (other, one, other)] == [503, 200, 200]


def test_a_world_that_one_deleted_is_gone_for_the_other(pair: Pair) -> None:
    one, other = pair
    one.create("one")
    assert other.look(lambda world: len(world.root.records), "one")

    other.delete("one")

    assert refusal(lambda: one.ask("GET", TABLE, None, "one")) == (410, "the world 'one' was deleted")
    assert refusal(lambda: patch(one, "late", "one"))[0] == 410


def test_a_world_of_a_name_that_was_used_before_is_another_one(pair: Pair) -> None:
    one, other = pair
    one.create("one")
    for number in range(3):
        patch(one, f"first {number}", "one")
    assert description(other, "one") == "first 2"

    one.delete("one")
    one.create("one")
    patch(one, "second", "one")

    assert description(other, "one") == "second"
    patch(other, "third", "one")
    assert description(one, "one") == "third"
    assert len(one.ask("GET", f"{TABLE}/versions", None, "one")["versions"]) == 3


def test_a_reset_of_one_forgets_the_requests_of_the_other(pair: Pair) -> None:
    one, other = pair
    patch(one, "text")
    patch(other, "text")

    one.change(World.reset)

    assert other.look(lambda world: len(world.journal)) == 0
    assert digest(other.look(lambda world: world.root)) == digest(other.root())


def test_a_world_that_one_uses_does_not_grow_old_for_the_other(pair: Pair) -> None:
    one, other = pair
    one.create("one", ttl=100.0)
    for _ in range(4):
        one.now.seconds += 40
        patch(one, f"at {one.now.seconds}", "one")

    assert description(other, "one") == f"at {one.now.seconds}"
    one.now.seconds += 101
    assert refusal(lambda: description(other, "one"))[0] == 410


def test_worlds_that_both_make_at_once_have_names_of_their_own(pair: Pair) -> None:
    async def together() -> list[str]:
        made = (kept.worlds.create(None, Source(), None) for kept in pair for _ in range(10))
        return [each.name for each in await asyncio.gather(*made)]

    names = pair[0].run(together())

    assert len(set(names)) == 20
    assert sorted(pair[1].names()) == sorted([DEFAULT, *names])


def test_changes_of_both_at_once_count_once_each(pair: Pair) -> None:
    pair[0].change(lambda world: world.set_clock(Clock(frozen=0)))

    async def together() -> list[int]:
        return await asyncio.gather(*(kept.worlds.change(DEFAULT, counted) for _ in range(20) for kept in pair))

    assert sorted(pair[0].run(together())) == list(range(1, 41))
    assert pair[1].look(lambda world: world.root.clock.now()) == 40


def test_more_worlds_than_there_are_threads_are_changed_by_both_at_once(pair: Pair) -> None:
    """Who stands in line for a world keeps no thread from those whose turn it is."""
    worlds = [f"w{number}" for number in range(4 * (cpu_count() or 1) + 12)]
    for name in worlds:
        pair[0].create(name)
        pair[0].change(lambda world: world.set_clock(Clock(frozen=0)), name)

    async def counting(kept: Kept, name: str) -> list[int]:
        return [await kept.worlds.change(name, counted) for _ in range(4)]

    async def together() -> list[list[int]]:
        return await asyncio.gather(*(counting(kept, name) for name in worlds for kept in pair))

    answers = pair[0].run(together())

    for at in range(len(worlds)):
        assert sorted(answers[2 * at] + answers[2 * at + 1]) == list(range(1, 9))


def test_what_is_kept_is_there_for_whoever_opens_it_next(pair: Pair, open: Open) -> None:
    one, _ = pair
    rich(one)
    one.create("one", Source(DEFAULT), 60.0)
    one.create("gone")
    one.delete("gone")

    later = open(Limits(worlds=2))

    assert later.look(all_of) == one.look(all_of)
    assert export_state(later.root(Source(DEFAULT, "first"))) == export_state(one.root(Source(DEFAULT, "first")))
    assert (later.described("one").source, later.described("one").ttl) == ("world default", 60.0)
    assert refusal(lambda: later.described("gone")) == (410, "the world 'gone' was deleted")
    assert later.ask("PUT", f"{TABLE}/followers", KNOWN["lars"], "one")["followers"][-1]["id"] == KNOWN["lars"]
