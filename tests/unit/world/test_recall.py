"""What was worked out is recalled exactly as long as working it out again would give the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mockserver.world import recall as recall_module
from mockserver.world.recall import Memory, Reader
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction

Look = Callable[[Reader], object]
LOOKS: dict[str, Look] = {
    "record": lambda world: world.record("t"),
    "no record": lambda world: world.record("u"),
    "find": lambda world: world.find("tables", "t"),
    "keys": lambda world: list(world.keys("tables")),
    "deleted keys": lambda world: list(world.keys("tables", deleted=True)),
    "links": lambda world: list(world.links("t", "owners")),
    "sources": lambda world: list(world.sources("ann", "owners")),
}
WRITES: dict[str, Callable[[Transaction], None]] = {
    "put": lambda world: world.put(table("u"), "u"),
    "replace": lambda world: world.replace(table("t", description="x")),
    "delete": lambda world: world.replace(table("t", deleted=True)),
    "remove": lambda world: world.remove(table("t"), "t"),
    "link": lambda world: world.link("t", "owners", "bob"),
    "unlink": lambda world: world.unlink("t", "owners", "ann"),
    "follow": lambda world: world.link("t", "followers", "ann"),
}
TOUCHED = {
    "record": {"replace", "delete", "remove"},
    "no record": {"put"},
    "find": {"replace", "delete", "remove"},
    "keys": {"put", "delete", "remove"},
    "deleted keys": {"delete"},
    "links": {"link", "unlink"},
    "sources": {"unlink"},
}


def table(id: str, **data: object) -> Record:
    return Record("tables", id, {"id": id, "name": id, **data})


def seeded(memory: Memory | None = None) -> Transaction:
    world = Transaction(Root(), memory)
    world.put(table("t"), "t")
    world.link("t", "owners", "ann")
    return world


def counted(look: Look) -> tuple[Look, Iterator[int]]:
    calls: list[int] = []

    def work(world: Reader) -> object:
        calls.append(1)
        return look(world)

    def count() -> Iterator[int]:
        while True:
            yield len(calls)

    return work, count()


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("look", LOOKS)
def test_a_write_to_what_was_read_has_it_worked_out_again_and_no_other_write_does(look: str, write: str) -> None:
    world = seeded()
    work, calls = counted(LOOKS[look])
    world.recall("key", work)
    WRITES[write](world)

    assert world.recall("key", work) == LOOKS[look](world)
    assert next(calls) == (2 if write in TOUCHED[look] else 1)
    world.recall("key", work)
    assert next(calls) == (2 if write in TOUCHED[look] else 1)


def test_what_a_dropped_transaction_found_is_not_what_others_find() -> None:
    memory = Memory()
    root = seeded().commit()
    dropped = Transaction(root, memory)
    dropped.unlink("t", "owners", "ann")

    assert dropped.recall("key", LOOKS["links"]) == []
    assert Transaction(root, memory).recall("key", LOOKS["links"]) == ["ann"]


def test_what_is_worked_out_is_told_apart_by_its_key() -> None:
    world = seeded()

    assert world.recall("one", lambda _, value: value, 1) == 1
    assert world.recall("two", lambda _, value: value, 2) == 2


def test_no_more_than_a_bounded_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall_module, "MOST_FINDINGS", 3)
    world = seeded()
    for at in range(10):
        world.recall(at, LOOKS["record"])

        assert len(world.memory) <= 3
