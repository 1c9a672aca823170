"""Servers that change one world at the same time take turns, whatever becomes of the connections they do it by."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from mockserver.exchange import Problem
from mockserver.http.worlds import Worlds
from mockserver.world.clock import Clock
from mockserver.world.registry import DEFAULT, Limits, Source
from mockserver.world.world import World
from tests.stores.conftest import empty
from tests.stores.kept import Kept, Kind, Stored

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SERVERS, MANY = 3, 60
# Long enough for a connection to be made again, also where much else is going on.
BETWEEN_CUTS = 0.25


@pytest.fixture
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kind]:
    with empty("postgresql", tmp_path, request) as made:
        yield made


def counted(world: World) -> int:
    """Adds one to what stands in the clock."""
    value = world.root.clock.now() + 1
    world.set_clock(Clock(frozen=value))
    return value


async def counting(servers: list[Worlds], rounds: int) -> list[int]:
    """What all answer who count at all servers, some at a time."""

    async def one(worlds: Worlds) -> list[int]:
        return [await worlds.change(DEFAULT, counted) for _ in range(rounds)]

    found = await asyncio.gather(*(one(worlds) for worlds in servers for _ in range(4)))
    return [each for answers in found for each in answers]


def opened(kept: Kept, kind: Kind) -> list[Worlds]:
    kept.change(lambda world: world.set_clock(Clock(frozen=0)))
    return [kept.worlds, *(kind.open(Limits(), kept.now) for _ in range(SERVERS - 1))]


def test_each_of_many_changes_is_made_once_on_top_of_all_before_it(kept: Kept, kind: Kind) -> None:
    servers = opened(kept, kind)

    answers = kept.run(counting(servers, MANY))

    assert sorted(answers) == list(range(1, len(answers) + 1))
    for worlds in servers:
        assert kept.run(worlds.look(DEFAULT, lambda world: world.root.clock.now())) == len(answers)


def test_connections_that_are_cut_again_and_again_lose_nothing_and_do_nothing_twice(kept: Kept, kind: Kind) -> None:
    servers = opened(kept, kind)
    assert isinstance(kind, Stored)
    done, cuts = Event(), list[int]()

    def cut(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.wait(BETWEEN_CUTS):
                cuts.append(len(connection.execute(CUT).fetchall()))

    thread = Thread(target=cut, args=(kind.url,))
    thread.start()
    try:
        answers = kept.run(counting(servers, 4 * MANY))
    finally:
        done.set()
        thread.join()

    assert sum(cuts) > SERVERS
    assert sorted(answers) == list(range(1, len(answers) + 1))
    assert kept.run(servers[-1].look(DEFAULT, lambda world: world.root.clock.now())) == len(answers)


def test_what_came_while_a_turn_was_waited_for_goes_along(kept: Kept, kind: Kind) -> None:
    first, second, _ = servers = opened(kept, kind)

    async def together() -> list[int]:
        await counting(servers, 2)
        before = await first.look(DEFAULT, lambda world: world.root.clock.now())
        many = [first.change(DEFAULT, counted) for _ in range(MANY)]
        others = [second.change(DEFAULT, counted) for _ in range(MANY)]
        return [each - before for each in await asyncio.gather(*many, *others)]

    assert sorted(kept.run(together())) == list(range(1, 2 * MANY + 1))


def test_a_world_that_is_taken_away_while_others_change_it_is_gone_for_all(kept: Kept, kind: Kind) -> None:
    servers = opened(kept, kind)
    kept.create("one")

    async def together() -> list[object]:
        changes = [worlds.change("one", counted) for worlds in servers for _ in range(5)]
        return await asyncio.gather(*changes, servers[1].delete("one"), return_exceptions=True)

    outcomes = kept.run(together())

    assert {type(outcome).__name__ for outcome in outcomes} <= {"int", "NoneType", "Problem"}
    assert {getattr(outcome, "status", 410) for outcome in outcomes} == {410}


def test_a_world_that_others_change_all_the_time_is_taken_away_nevertheless(kept: Kept, kind: Kind) -> None:
    servers = opened(kept, kind)

    async def writing(worlds: Worlds, begun: asyncio.Event) -> int:
        """Until the world is gone."""
        while True:
            try:
                await worlds.change("one", counted)
            except Problem as problem:
                return problem.status
            begun.set()

    async def together() -> list[int]:
        begun = asyncio.Event()
        writers = [asyncio.ensure_future(writing(worlds, begun)) for worlds in servers for _ in range(2)]
        await begun.wait()
        await servers[1].delete("one")
        return await asyncio.gather(*writers)

    for _ in range(5):
        kept.create("one")
        assert set(kept.run(together())) == {410}


def test_a_name_that_worlds_come_and_go_under_is_changed_or_gone_and_never_refused(kept: Kept, kind: Kind) -> None:
    """Who waits for a row that is deleted holds none, though there may be another one of that name."""
    servers = opened(kept, kind)

    async def writing(worlds: Worlds, done: asyncio.Event) -> set[int]:
        statuses = set()
        while not done.is_set():
            try:
                await worlds.change("one", counted)
            except Problem as problem:
                statuses.add(problem.status)
        return statuses

    async def together() -> list[set[int]]:
        done = asyncio.Event()
        writers = [asyncio.ensure_future(writing(worlds, done)) for worlds in servers for _ in range(2)]
        for number in range(MANY):
            await servers[number % SERVERS].create("one", Source(), None)
            await servers[number % SERVERS].change("one", counted)
            await servers[(number + 1) % SERVERS].delete("one")
        done.set()
        return await asyncio.gather(*writers)

    assert set().union(*kept.run(together())) <= {404, 410}


def test_snapshots_and_resets_in_a_world_that_others_change_too_are_made_once_each(kept: Kept, kind: Kind) -> None:
    servers = opened(kept, kind)

    async def together() -> None:
        kinds = [lambda world: world.snapshot("kept"), counted, lambda world: world.restore("kept")]
        changes = [worlds.change(DEFAULT, job) for job in kinds for worlds in servers for _ in range(4)]
        await asyncio.gather(*changes)

    kept.run(together())

    seen = [
        kept.run(worlds.look(DEFAULT, lambda world: (world.root.clock.now(), sorted(world.snapshots))))
        for worlds in servers
    ]
    assert len(set(map(str, seen))) == 1
    assert seen[0][1] == ["kept"]
