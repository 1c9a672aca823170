"""What stored worlds do beside answering: states made whole, commits dropped, jobs of callers who went away."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from mockserver.http.channel import Channel
from mockserver.http.loop import Loop
from mockserver.http.stored import StoredWorlds
from mockserver.stores import roots, sql
from mockserver.stores.postgres import PostgresStore
from mockserver.stores.store import Commit, Courier
from mockserver.stores.trips import standings
from mockserver.world.registry import Limits
from mockserver.world.transfer import export_state
from mockserver.world.world import World
from tests.stores.conftest import empty
from tests.stores.kept import TABLE, Json, Kept, Kind, Stored, refusal
from tests.support.polling import until
from tests.support.postgres import Postgres, postgres
from tests.support.time import Now


@pytest.fixture(params=("sqlite", "postgresql"))
def kind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kind]:
    """A store that keeps what is given to it."""
    with empty(request.param, tmp_path_factory.mktemp("store"), request) as made:
        yield made


def describe(kept: Kept, number: int) -> None:
    kept.ask("PATCH", TABLE, [{"op": "add", "path": "/description", "value": f"change {number} " + "x" * 1000}])


def state(kept: Kept) -> Json:
    return kept.look(lambda world: export_state(world.root))


def commits(kept: Kept) -> dict[str, bool]:
    """The commits that the default world follows from, and whether each is whole."""
    worlds = kept.worlds
    assert isinstance(worlds, StoredWorlds)
    (row,) = worlds._store.rows(["default"])
    return {each.id: each.parent is None for each in worlds._store.lineage([row.head], [])}


def test_a_long_line_of_changes_is_made_whole_and_says_the_same(
    kept: Kept, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roots, "LEAST_WEIGHT", 10_000)
    monkeypatch.setattr(roots, "MOST_WEIGHT", 0)
    written = 0

    def is_short() -> bool:
        nonlocal written
        written += 1
        describe(kept, written)
        return written > 200 and len(commits(kept)) < 100

    until(is_short, "the line is cut")

    again = kind.open(Limits(), kept.now)
    assert state(Kept(again, kept.loop, kept.now)) == state(kept)
    monkeypatch.setattr(sql, "SPARED_SECONDS", -1.0)
    store = kept.worlds._store  # type: ignore[attr-defined]
    assert store.collect() > 100
    assert state(Kept(kind.open(Limits(), kept.now), kept.loop, kept.now)) == state(kept)


def test_the_seeds_are_not_read_again_for_a_world_that_another_server_made(
    kept: Kept, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roots, "MOST_KNOWN", 1)
    other = Kept(kind.open(Limits(), kept.now), kept.loop, kept.now)
    for number in range(3):
        describe(other, number)
    kept.create("later")
    store, read = other.worlds._store, []  # type: ignore[attr-defined]
    lineage: Callable[..., list[Commit]] = store.lineage

    def noted(*asked: object) -> list[Commit]:
        found = lineage(*asked)
        read.extend(found)
        return found

    monkeypatch.setattr(store, "lineage", noted)
    other.look(lambda world: world.root, "later")

    assert [commit.parent is None for commit in read] == [False]


def test_a_caller_who_goes_away_keeps_nobody_waiting(kept: Kept) -> None:
    async def hurried() -> tuple[object, object]:
        async def gone() -> object:
            async with asyncio.timeout(0):
                return await kept.worlds.change("default", World.reset)

        def told(world: World) -> int:
            return len(world.root.records)

        return await asyncio.gather(gone(), kept.worlds.change("default", told), return_exceptions=True)

    first, second = kept.run(hurried())

    assert isinstance(first, TimeoutError)
    assert second == kept.look(lambda world: len(world.root.records))


def test_a_world_of_a_name_that_no_store_takes_is_not_there(kept: Kept) -> None:
    for name in ("\0", "ä", "a b", "x" * 100):
        with pytest.raises(Exception, match="no world is named"):
            kept.described(name)


@pytest.fixture
def cluster() -> Iterator[Postgres]:
    """A database that nobody else uses, so that it can be taken away."""
    with postgres() as running:
        yield running


@pytest.fixture
def away(cluster: Postgres) -> Iterator[Kept]:
    """Worlds in that database."""
    with closing(Stored(cluster.fresh())) as made, closing(Loop()) as loop:
        yield Kept(made.open(Limits(), Now()), loop)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_database_that_was_started_again_is_asked_as_before(
    away: Kept, cluster: Postgres, number: signal.Signals
) -> None:
    describe(away, 1)
    before = state(away)
    for change in range(2, 4):
        cluster.restart(number)
        assert state(away) == before

        cluster.restart(number)
        describe(away, change)
        before = state(away)


def test_a_connection_that_comes_when_all_is_over_is_closed(postgres: Postgres) -> None:
    asked, ended = Event(), Event()
    made: list[Courier] = []
    with postgres.empty() as url, closing(PostgresStore(url)) as store:
        open_courier = store.courier

        def late() -> Courier:
            asked.set()
            assert ended.wait(30)
            made.append(open_courier())
            return made[0]

        store.courier = late  # type: ignore[method-assign]
        channel = Channel(store)

        async def impatient() -> None:
            question = asyncio.ensure_future(channel.run(standings(["default"])))
            await asyncio.to_thread(asked.wait)
            question.cancel()
            assert channel._opening is not None
            channel._opening.add_done_callback(lambda _: ended.set())

        with closing(Loop()) as loop:
            loop.run(impatient())
        assert made[0]._connection.closed  # type: ignore[attr-defined]


def test_a_database_that_is_away_is_a_refusal_and_found_again(
    away: Kept, cluster: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.stores.postgres.PATIENCE_SECONDS", 0.2)
    before = state(away)
    cluster.stop()

    status, said = refusal(lambda: state(away))
    assert (status, said[:32], said[-11:]) == (503, "the database cannot be used now:", "; ask again")
    status, said = refusal(lambda: describe(away, 1))
    assert (status, "; what was to be changed may have been changed or not; " in said) == (503, True)

    cluster.start()
    assert state(away) == before
    describe(away, 1)


def test_a_database_that_says_nothing_is_not_waited_for_without_end(
    away: Kept, cluster: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(away)
    monkeypatch.setattr("mockserver.http.patience.PATIENCE_SECONDS", 0.3)
    processes = _processes(cluster)
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert refusal(lambda: state(away)) == (503, "the store does not answer; ask again")
        status, said = refusal(lambda: away.change(World.reset))
        assert (status, "may have been changed or not; ask again" in said) == (503, True)
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
    monkeypatch.undo()

    until(lambda: state(away) == before, "the database answers")


def _processes(cluster: Postgres) -> list[int]:
    assert cluster._process is not None
    pid = cluster._process.pid
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
