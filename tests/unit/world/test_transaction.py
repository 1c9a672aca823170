"""A transaction sees its own writes, shows them to nobody else, and can be dropped."""

from __future__ import annotations

from itertools import count

import pytest

from mockserver.world import events as events_module
from mockserver.world.clock import Clock
from mockserver.world.events import Event
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.transaction import Transaction


def table(id: str, name: str | None = None, **data: object) -> Record:
    return Record("tables", id, {"id": id, "name": name or id, **data})


def event(world: Transaction) -> Event:
    return Event(world.events.next, world.new_id(), "entityUpdated", "table", "t", 0, "ann", {}, "{}")


def names(world: Transaction, *, deleted: bool = False) -> list[str]:
    return [str(name) for name, _ in world.keys("tables", deleted)]


def test_writes_are_seen_inside_and_nowhere_else() -> None:
    root = Root()
    world = Transaction(root)
    world.put(table("t1"), "a.t1")
    world.link("t1", "followers", "ann")
    world.remember("t1", Snapshot("0.1", "{}"))
    world.tell(event(world))
    assert world.find("tables", "a.t1") == world.record("t1") == table("t1")
    assert root == Root()
    assert Transaction(root).record("t1") is None


def test_a_committed_root_holds_everything_and_further_writes_leave_it() -> None:
    world = Transaction(Root())
    world.put(table("t1"), "a.t1")
    root = world.commit()
    world.replace(table("t1", description="later"))
    assert Transaction(root).record("t1") == table("t1")


def test_going_back_to_a_mark_undoes_what_was_written_since() -> None:
    world = Transaction(Root())
    moment = world.now()
    untouched, before = world.mark(), world.commit()
    world.put(table("t1"), "a.t1")
    world.new_id()
    world.back_to(untouched)
    assert world.commit() == before
    assert world.log == []
    assert world.now() == moment


def test_a_record_is_listed_by_name_among_the_living_or_the_deleted() -> None:
    world = Transaction(Root())
    world.put(table("2", "b"), "b")
    world.put(table("1", "a"), "a")
    assert (names(world), names(world, deleted=True)) == (["a", "b"], [])
    world.replace(table("1", "a", deleted=True))
    assert (names(world), names(world, deleted=True)) == (["b"], ["a"])
    world.replace(table("1", "a", deleted=False))
    assert (names(world), names(world, deleted=True)) == (["a", "b"], [])
    assert [name for name, _ in world.all_keys("tables")] == ["a", "b"]


def test_living_and_deleted_are_listed_together_in_one_order() -> None:
    world = Transaction(Root())
    for name in "cab":
        world.put(table(name, deleted=name == "b"), name)
    assert [name for name, _ in world.all_keys("tables")] == ["a", "b", "c"]


def test_a_record_put_in_place_of_another_is_listed_once() -> None:
    world = Transaction(Root())
    world.put(table("1", "a"), "a")
    world.put(table("1", "b"), "b")
    assert names(world) == ["b"]


def test_what_is_removed_leaves_no_name_no_listing_and_no_history() -> None:
    world = Transaction(Root())
    world.put(table("1", "a"), "s.a")
    world.remember("1", Snapshot("0.1", "{}"))
    world.remove(table("1", "a"), "s.a")
    assert world.record("1") is None
    assert world.find("tables", "s.a") is None
    assert names(world) == []
    assert list(world.history("1")) == []


def test_links_keep_their_order_their_values_and_both_ends() -> None:
    world = Transaction(Root())
    world.link("t", "votes", "bob", "votedUp")
    world.link("t", "votes", "ann", "votedDown")
    world.link("t", "votes", "bob", "votedDown")
    assert list(world.links("t", "votes").items()) == [("bob", "votedDown"), ("ann", "votedDown")]
    assert list(world.sources("ann", "votes")) == ["t"]
    world.unlink("t", "votes", "bob")
    assert list(world.links("t", "votes")) == ["ann"]
    assert list(world.sources("bob", "votes")) == []


def test_taking_away_a_link_that_is_not_there_changes_nothing() -> None:
    world = Transaction(Root())
    world.link("t", "followers", "ann")
    before = world.commit()
    world.unlink("t", "followers", "bob")
    world.unlink("u", "followers", "ann")
    assert world.commit() == before


def test_the_last_link_takes_the_empty_rest_with_it() -> None:
    world = Transaction(Root())
    world.link("t", "followers", "ann")
    world.unlink("t", "followers", "ann")
    assert world.commit() == Root()


def test_links_are_set_as_a_whole_and_in_order() -> None:
    world = Transaction(Root())
    world.set_links("t", "owners", {"ann": None, "bob": None})
    world.set_links("t", "owners", {"bob": None, "cid": None})
    assert list(world.links("t", "owners")) == ["bob", "cid"]
    assert list(world.sources("ann", "owners")) == []
    world.set_links("t", "owners", {"cid": None, "bob": None})
    assert list(world.links("t", "owners")) == ["cid", "bob"]
    world.set_links("t", "owners", {})
    assert world.commit() == Root()


def test_setting_the_links_that_are_there_writes_nothing() -> None:
    world = Transaction(Root())
    world.set_links("t", "owners", {"ann": None})
    before = world.commit()
    world.set_links("t", "owners", {"ann": None})
    assert world.commit() == before


def test_a_history_is_newest_first_and_its_newest_can_be_forgotten() -> None:
    world = Transaction(Root())
    world.remember("t", Snapshot("0.1", "one"))
    world.remember("t", Snapshot("0.3", "three"), Snapshot("0.2", "two"))
    assert [each.version for each in world.history("t")] == ["0.3", "0.2", "0.1"]
    world.forget_latest("t")
    assert [each.version for each in world.history("t")] == ["0.2", "0.1"]


def test_the_oldest_events_make_way_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "EVENT_LIMIT", 3)
    world = Transaction(Root())
    for _ in range(5):
        world.tell(event(world))
    assert [each.sequence for each in world.events.newest_first()] == [4, 3, 2]
    assert (world.commit().events.first, world.events.next) == (2, 5)


def test_the_newest_event_about_each_record_is_known_for_as_long_as_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "EVENT_LIMIT", 150)
    world = Transaction(Root())
    for number in range(400):
        told = event(world)._replace(entity_id=f"often-{number % 7}" if number % 2 else f"once-{number}")
        world.tell(told)
        kept: dict[str, Event] = {}
        for each in world.events.newest_first():
            kept.setdefault(each.entity_id, each)
        assert {id: world.events.newest(id) for id in world.events.about} == kept


def test_ids_are_uuids_that_follow_from_seed_and_count() -> None:
    one, other, third = Transaction(Root(seed=1)), Transaction(Root(seed=1)), Transaction(Root(seed=2))
    drawn = [one.new_id() for _ in range(50)]
    assert drawn == [other.new_id() for _ in range(50)]
    assert len({*drawn, *(third.new_id() for _ in range(50))}) == 100
    assert all(len(id) == 36 and id[14] == "4" and id[19] in "89ab" for id in drawn)
    assert Transaction(one.commit()).new_id() == other.new_id()


def test_everything_in_a_transaction_happens_at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count(1_000_000_000_000, 7_000_000)
    monkeypatch.setattr("time.time_ns", lambda: next(ticks))
    world = Transaction(Root())
    assert world.now() == world.now()
    assert Transaction(Root()).now() > world.now()


def test_a_frozen_clock_gives_the_moment_it_stands_at() -> None:
    assert Transaction(Root(clock=Clock(frozen=42))).now() == 42


def test_only_what_follows_from_the_root_is_pure() -> None:
    world = Transaction(Root())
    world.record("t")
    world.links("t", "owners")
    assert world.is_pure
    for look in (Transaction.now, Transaction.new_id, lambda world: world.link("t", "owners", "u")):
        world = Transaction(Root())
        look(world)
        assert not world.is_pure
