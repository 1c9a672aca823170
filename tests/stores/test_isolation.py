"""Worlds never see one another, and share nothing but what they were made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.world.faults import Fault
from mockserver.world.registry import DEFAULT, Source
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.kept import TABLE, Kept
from tests.support.worlds import digest

Json = Any
Write = Callable[[Kept, str], object]
Read = Callable[[Kept, str], Json]


def patch(text: str) -> list[dict[str, str]]:
    return [{"op": "add", "path": "/description", "value": text}]


# What a world holds of its own: how it is changed, and how it is read.
FACETS: dict[str, tuple[Write, Read]] = {
    "records": (
        lambda kept, name: kept.ask("PATCH", TABLE, patch("mine"), name),
        lambda kept, name: kept.ask("GET", TABLE, None, name)["description"],
    ),
    "names": (
        lambda kept, name: kept.ask("POST", "/teams", {"name": "Mine", "teamType": "Group"}, name),
        lambda kept, name: [each["name"] for each in kept.ask("GET", "/teams?limit=100", None, name)["data"]],
    ),
    "links": (
        lambda kept, name: kept.ask("PUT", f"{TABLE}/followers", KNOWN["maya"], name),
        lambda kept, name: kept.ask("GET", f"{TABLE}?fields=followers", None, name)["followers"],
    ),
    "histories": (
        lambda kept, name: kept.ask("PATCH", TABLE, patch("mine"), name),
        lambda kept, name: len(kept.ask("GET", f"{TABLE}/versions", None, name)["versions"]),
    ),
    "events": (
        lambda kept, name: kept.ask("PATCH", TABLE, patch("mine"), name),
        lambda kept, name: kept.look(lambda world: [each.sequence for each in world.root.events.newest_first()], name),
    ),
    "ids": (
        lambda kept, name: kept.ask("POST", "/teams", {"name": "Mine", "teamType": "Group"}, name),
        lambda kept, name: kept.look(lambda world: world.root.drawn, name),
    ),
    "clock": (
        lambda kept, name: kept.change(lambda world: world.set_clock(world.root.clock.freeze(7)), name),
        lambda kept, name: kept.look(lambda world: world.root.clock, name),
    ),
    "faults": (
        lambda kept, name: kept.change(lambda world: world.add_fault(Fault(0, status=503)), name),
        lambda kept, name: kept.look(lambda world: world.faults, name),
    ),
    "snapshots": (
        lambda kept, name: kept.change(lambda world: world.snapshot("mine"), name),
        lambda kept, name: kept.look(lambda world: sorted(world.snapshots), name),
    ),
    "journal": (
        lambda kept, name: kept.ask("GET", TABLE, None, name),
        lambda kept, name: kept.look(lambda world: [each.sequence for each in world.journal], name),
    ),
}


@pytest.mark.parametrize("source", [Source(), Source(DEFAULT)], ids=str)
@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("written", [DEFAULT, "other"])
def test_what_one_world_is_told_another_does_not_know(kept: Kept, facet: str, written: str, source: Source) -> None:
    write, read = FACETS[facet]
    kept.create("other", source)
    (unwritten,) = {DEFAULT, "other"} - {written}
    state, before = kept.look(_same, unwritten), read(kept, written)
    untouched = read(kept, unwritten)

    write(kept, written)

    assert read(kept, written) != before
    assert read(kept, unwritten) == untouched
    assert kept.look(_same, unwritten) == state


def _same(world: World) -> str:
    return digest(world.root)


def test_a_fork_is_as_its_source_was_when_it_was_made(kept: Kept) -> None:
    kept.ask("PATCH", TABLE, patch("first"))
    first = kept.look(_same)
    kept.create("fork", Source(DEFAULT))

    kept.ask("PATCH", TABLE, patch("second"))

    assert kept.look(_same, "fork") == first != kept.look(_same)


def test_a_fork_of_a_snapshot_is_as_that_was(kept: Kept) -> None:
    kept.ask("PATCH", TABLE, patch("first"))
    kept.change(lambda world: world.snapshot("first"))
    first = kept.look(_same)
    kept.ask("PATCH", TABLE, patch("second"))

    kept.create("fork", Source(DEFAULT, "first"))

    assert kept.look(_same, "fork") == first
    assert kept.ask("GET", TABLE, None, "fork")["description"] == "first"


def test_a_fork_has_the_records_events_ids_and_clock_of_its_source_and_nothing_else(kept: Kept) -> None:
    kept.ask("PATCH", TABLE, patch("first"))
    kept.change(lambda world: world.set_clock(world.root.clock.freeze(1_800_000_000_000)))
    kept.change(lambda world: world.snapshot("before"))
    kept.change(lambda world: world.add_fault(Fault(0, "addTeam*", status=503)))

    kept.create("fork", Source(DEFAULT))

    source, fork = (kept.look(lambda world: world.root, name) for name in (DEFAULT, "fork"))
    assert digest(fork) == digest(source)
    assert list(fork.events.newest_first()) == list(source.events.newest_first())
    assert fork.clock == source.clock
    told = kept.look(lambda world: (world.faults.planned, dict(world.snapshots), len(world.journal)), "fork")
    assert told == ((), {}, 0)


def test_worlds_of_one_state_give_the_same_ids_each_by_itself(kept: Kept) -> None:
    kept.create("one", Source(DEFAULT))
    kept.create("other", Source(DEFAULT))
    names = ["A", "B", "C"]

    made = {
        world: [kept.ask("POST", "/teams", {"name": name, "teamType": "Group"}, world)["id"] for name in names]
        for world in ("one", "other", DEFAULT)
    }

    assert made["one"] == made["other"] == made[DEFAULT]
    assert len(set(made["one"])) == len(names)


def test_a_world_outlives_the_one_that_it_was_made_from(kept: Kept) -> None:
    kept.create("source")
    kept.ask("PATCH", TABLE, patch("first"), "source")
    kept.change(lambda world: world.snapshot("kept"), "source")
    kept.create("fork", Source("source"))
    kept.create("again", Source("source", "kept"))

    kept.delete("source")

    kept.change(World.reset, "fork")
    assert [kept.ask("GET", TABLE, None, name)["description"] for name in ("fork", "again")] == ["first", "first"]
