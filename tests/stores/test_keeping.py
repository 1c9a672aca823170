"""What stored worlds do beside answering: states made whole, commits dropped, jobs of callers who went away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from mockserver.http.stored import StoredWorlds
from mockserver.stores import roots, sql
from mockserver.world.registry import Limits
from mockserver.world.transfer import export_state
from mockserver.world.world import World
from tests.stores.conftest import empty
from tests.stores.kept import TABLE, Json, Kept, Kind
from tests.support.polling import until


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
