"""Jobs that come at the same time follow one another, and whoever looks sees all of what was answered before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

from mockserver.world.clock import Clock
from mockserver.world.registry import DEFAULT, Source
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.kept import TABLE, Kept, answered, call

Json = Any
MANY = 40


def counted(world: World) -> int:
    """Adds one to what stands in the clock, in two steps."""
    value = world.root.clock.now()
    world.set_clock(Clock(frozen=-1))
    world.set_clock(Clock(frozen=value + 1))
    return value + 1


def test_every_change_counts_once_however_many_come_together(kept: Kept) -> None:
    kept.change(lambda world: world.set_clock(Clock(frozen=0)))

    async def together() -> list[int]:
        return await asyncio.gather(*(kept.worlds.change(DEFAULT, counted) for _ in range(MANY)))

    assert sorted(kept.run(together())) == list(range(1, MANY + 1))
    assert kept.look(lambda world: world.root.clock.now()) == MANY


def test_one_that_fails_among_many_takes_none_of_the_others_with_it(kept: Kept) -> None:
    kept.change(lambda world: world.set_clock(Clock(frozen=0)))

    def spoiled(world: World) -> None:
        counted(world)
        raise ValueError("no")

    async def together() -> list[object]:
        jobs = [spoiled if number % 3 == 0 else counted for number in range(MANY)]
        return await asyncio.gather(*(kept.worlds.change(DEFAULT, job) for job in jobs), return_exceptions=True)

    outcomes = kept.run(together())

    failed = [isinstance(outcome, ValueError) for outcome in outcomes]
    assert failed == [number % 3 == 0 for number in range(MANY)]
    assert kept.look(lambda world: world.root.clock.now()) == failed.count(False)


def test_no_look_ever_sees_half_of_a_change(kept: Kept) -> None:
    kept.change(lambda world: world.set_clock(Clock(frozen=0)))

    async def together() -> list[int]:
        changes = (kept.worlds.change(DEFAULT, counted) for _ in range(MANY))
        looks = (kept.worlds.look(DEFAULT, lambda world: world.root.clock.now()) for _ in range(MANY))
        return await asyncio.gather(*(each for pair in zip(changes, looks, strict=True) for each in pair))

    assert all(seen >= 0 for seen in kept.run(together()))


def test_who_was_answered_is_seen_by_whoever_asks_next(kept: Kept) -> None:
    async def one_after_another() -> None:
        for number in range(MANY):
            text = f"text {number}"
            patch = [{"op": "add", "path": "/description", "value": text}]
            await answered(kept.worlds, call("PATCH", TABLE, patch))
            seen = await asyncio.gather(*(answered(kept.worlds, call("GET", TABLE)) for _ in range(3)))
            assert {orjson.loads(each.body)["description"] for each in seen} == {text}

    kept.run(one_after_another())


def test_requests_that_come_together_leave_versions_events_and_followers_without_a_gap(kept: Kept) -> None:
    before = kept.ask("GET", f"{TABLE}/versions")["versions"]
    events = kept.look(lambda world: world.root.events.next)
    texts = [f"text {number}" for number in range(MANY)]
    patches = [[{"op": "add", "path": "/description", "value": text}] for text in texts]
    people = [KNOWN["maya"], KNOWN["lars"], KNOWN["priya"], KNOWN["aaron"], KNOWN["andrew"]]

    async def together() -> list[Json]:
        calls = [call("PATCH", TABLE, patch) for patch in patches]
        calls += [call("PUT", f"{TABLE}/followers", id) for id in people]
        replies = await asyncio.gather(*(answered(kept.worlds, each) for each in calls))
        assert {reply.status for reply in replies} == {200}
        return [orjson.loads(reply.body) for reply in replies[:MANY]]

    answers = kept.run(together())

    versions = [orjson.loads(text) for text in kept.ask("GET", f"{TABLE}/versions")["versions"]]
    new = versions[: len(versions) - len(before)]
    assert sorted(each["version"] for each in answers) == sorted(each["version"] for each in new)
    assert {each["version"]: each["description"] for each in answers} == {
        each["version"]: each["description"] for each in new
    }
    assert {each["description"] for each in new} == set(texts)
    told = [each["changeDescription"]["previousVersion"] for each in versions[: len(new)]]
    assert told == [each["version"] for each in versions[1 : len(new) + 1]]
    followers = kept.ask("GET", f"{TABLE}?fields=followers")["followers"]
    assert sorted(each["id"] for each in followers) == sorted(people)
    assert kept.look(lambda world: [each.sequence for each in world.root.events.newest_first()][::-1]) == list(
        range(events + MANY + len(people))
    )


def test_worlds_that_are_made_together_have_a_name_and_a_state_each(kept: Kept) -> None:
    async def together() -> list[str]:
        made = await asyncio.gather(*(kept.worlds.create(None, Source(DEFAULT), None) for _ in range(MANY)))
        return [each.name for each in made]

    names = kept.run(together())

    assert len(set(names)) == MANY
    assert sorted(kept.names()) == sorted([DEFAULT, *names])


def test_of_those_who_want_one_name_one_gets_it(kept: Kept) -> None:
    async def together() -> list[object]:
        wanted = (kept.worlds.create("one", Source(), None) for _ in range(MANY))
        return await asyncio.gather(*wanted, return_exceptions=True)

    outcomes = kept.run(together())

    refused = [outcome.status for outcome in outcomes if hasattr(outcome, "status")]
    assert refused == [409] * (MANY - 1)
    assert kept.names() == [DEFAULT, "one"]


def test_a_world_is_deleted_once(kept: Kept) -> None:
    kept.create("one")

    async def together() -> list[object]:
        deleted = (kept.worlds.delete("one") for _ in range(MANY))
        return await asyncio.gather(*deleted, return_exceptions=True)

    outcomes = kept.run(together())

    assert outcomes.count(None) == 1
    assert {outcome.status for outcome in outcomes if hasattr(outcome, "status")} == {410}


def test_changes_of_many_worlds_do_not_mix(kept: Kept) -> None:
    worlds = [f"w{number}" for number in range(8)]
    for world in worlds:
        kept.create(world)

    async def together() -> None:
        calls = [
            call("PATCH", TABLE, [{"op": "add", "path": "/description", "value": f"{world} {number}"}], world)
            for number in range(5)
            for world in worlds
        ]
        replies = await asyncio.gather(*(answered(kept.worlds, each) for each in calls))
        assert {reply.status for reply in replies} == {200}

    kept.run(together())

    for world in worlds:
        versions = [orjson.loads(text) for text in kept.ask("GET", f"{TABLE}/versions", None, world)["versions"]]
        assert {each["description"] for each in versions[:5]} == {f"{world} {number}" for number in range(5)}


def test_a_reset_among_changes_is_before_or_after_each_of_them(kept: Kept) -> None:
    kept.change(lambda world: world.set_clock(Clock(frozen=0)))
    kept.create("one", Source(DEFAULT))

    async def together() -> list[int | None]:
        jobs: list[Callable[[World], int | None]] = [counted] * MANY
        jobs[MANY // 2] = lambda world: world.reset()
        return await asyncio.gather(*(kept.worlds.change("one", job) for job in jobs))

    values = kept.run(together())

    after = kept.look(lambda world: world.root.clock.now(), "one")
    seen = sorted(value for value in values if value is not None)
    assert seen == sorted([*range(1, MANY - after), *range(1, after + 1)])
