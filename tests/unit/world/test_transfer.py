"""A state that goes out as a document and comes back the same, and documents that are refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest

from mockserver.exchange import Problem
from mockserver.world.clock import Clock
from mockserver.world.events import Event, Events
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.transaction import Transaction
from mockserver.world.transfer import export_state, import_state

Json = Any
RELATIONS: dict[str, dict[str, bool]] = {"tables": {"followers": True, "owners": True}, "users": {}}


def lived_in() -> Root:
    """A small world in which something has happened."""
    world = Transaction(Root(seed=7, clock=Clock(frozen=1_000)))
    for name in ("ann", "bob"):
        world.put(Record("users", name, {"id": name, "name": name}), name)
    table = Record("tables", "t1", {"id": "t1", "name": "orders", "version": 0.2})
    world.put(table, "shop.orders")
    world.put(Record("tables", "t2", {"id": "t2", "name": "old", "deleted": True}), "shop.old")
    world.link("t1", "followers", "bob")
    world.link("t1", "followers", "ann", "since Monday")
    world.link("t2", "owners", "ann")
    world.remember("t1", Snapshot("0.1", '{"name":"orders"}'))
    for sequence in range(2):
        world.tell(Event(sequence, world.new_id(), "entityUpdated", "table", "t1", 900, "ann", {"n": sequence}, "{}"))
    return world.commit()


def changed(change: Callable[[Json], object]) -> Json:
    document = orjson.loads(orjson.dumps(export_state(lived_in())))
    change(document)
    return document


def refusal(document: Json) -> str:
    with pytest.raises(Problem) as caught:
        import_state(document, RELATIONS)
    return "\n".join(map(str, caught.value.violations))


def test_a_state_comes_back_as_it_went() -> None:
    there = lived_in()

    back = import_state(orjson.loads(orjson.dumps(export_state(there))), RELATIONS)

    for name, value in there._asdict().items():
        assert getattr(back, name) == value, name


def test_followers_come_back_in_their_order() -> None:
    back = import_state(orjson.loads(orjson.dumps(export_state(lived_in()))), RELATIONS)

    assert list(Transaction(back).links("t1", "followers").items()) == [("bob", None), ("ann", "since Monday")]


def test_an_empty_state_is_one_too() -> None:
    assert import_state(export_state(Root()), {}) == Root()


def test_equal_states_give_equal_documents() -> None:
    assert orjson.dumps(export_state(lived_in())) == orjson.dumps(export_state(lived_in()))


def test_events_whose_first_are_forgotten_come_back() -> None:
    there = lived_in()
    there = there._replace(events=Events.of([*there.events.newest_first()][:1], there.events.next))

    back = import_state(export_state(there), RELATIONS)

    assert back.events == there.events
    assert (there.events.first, there.events.next) == (1, 2)


def test_what_is_drawn_next_goes_on_where_it_stopped() -> None:
    there = lived_in()
    back = import_state(export_state(there), RELATIONS)

    assert Transaction(back).new_id() == Transaction(there).new_id()


def test_taking_a_state_leaves_its_document_alone() -> None:
    document = export_state(lived_in())
    before = deepcopy(document)

    root = import_state(document, RELATIONS)
    world = Transaction(root)
    world.link("t1", "owners", "bob")
    world.unlink("t1", "followers", "bob")

    assert document == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda state: state.update(format="x"), "body /format: must be 'mockserver-state', not 'x'"),
        (lambda state: state.update(version=2), "body /version: must be 1, not 2"),
        (lambda state: state.pop("seed"), "body: needs 'seed'"),
        (lambda state: state.update(sede=1), "body /sede: is not known; did you mean 'seed'?"),
        (
            lambda state: state["records"][0].update(resource="tabels"),
            "body /records/0/resource: there is no resource 'tabels'; did you mean 'tables'?",
        ),
        (lambda state: state["records"][1].update(id="t2"), "body /records/1/id: is the id of /records/0 too"),
        (lambda state: state["records"][1].update(id="T1"), "body /records/1/id: must be an id"),
        (
            lambda state: state["records"][1]["names"].append("shop.old"),
            "body /records/1/names/1: is a name of /records/0 too",
        ),
        (lambda state: state["records"][1]["data"].update(id="x"), "body /records/1/data/id: must be the record's own"),
        (
            lambda state: state["records"][1]["links"].update(follower={}),
            "body /records/1/links/follower: there is no stored relation 'follower'; did you mean 'followers'?",
        ),
        (
            lambda state: state["records"][1]["links"]["followers"].update(zoe=None),
            "body /records/1/links/followers: no record has the id 'zoe'",
        ),
        (lambda state: state["records"][1]["history"][0].update(text="[]"), "body /records/1/history/0/text: must be"),
        (lambda state: state["events"].pop(0), ""),
        (lambda state: state["events"].pop(), "body /events/0/sequence: must be 1"),
        (lambda state: state.update(nextEvent=1), "body /nextEvent: must be at least 2, the number of events"),
        (lambda state: state["clock"].update(frozen="now"), "body /clock/frozen: must be a whole number"),
    ],
)
def test_a_state_that_does_not_hold_together_is_refused(change: Callable[[Json], object], told: str) -> None:
    document = changed(change)
    if told:
        assert told in refusal(document)
    else:
        assert import_state(document, RELATIONS).events.first == 1


def test_everything_wrong_is_told_at_once() -> None:
    document = changed(lambda state: [record.update(resource="x") for record in state["records"]])

    assert len(refusal(document).splitlines()) == 4


@pytest.mark.parametrize("document", [None, [], 5, "state", {}])
def test_what_is_no_state_at_all_is_refused(document: Json) -> None:
    assert refusal(document)
