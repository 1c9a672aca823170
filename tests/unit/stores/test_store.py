"""What every store promises: changes in order, each whole or not at all, and commits for as long as they are needed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mockserver.stores import sql
from mockserver.stores.opening import open_store
from mockserver.stores.sql import SqlStore
from mockserver.stores.store import CannotOpen, Change, Commit, Ref, Standing, Stored


def world(name: str = "default", version: int = 1, head: str = "a", initial: str = "a", **more: Any) -> Stored:
    return Stored(name, version, head, initial, 3, "fixtures", None, 1.5)._replace(**more)


def founded(store: SqlStore, name: str = "default", commit: str = "a") -> Stored:
    row = world(name, head=commit, initial=commit)
    assert store.apply([Change(commit, None, row, (Commit(commit, None, b"whole"),))]) == [True]
    return row


def moved(store: SqlStore, row: Stored, id: str, **more: Any) -> Stored:
    after = row._replace(version=row.version + 1, head=id, **more)
    assert store.apply([Change(id, row, after, (Commit(id, row.head, b"step"),))]) == [True]
    return after


def ids(store: SqlStore, *heads: str, known: tuple[str, ...] = ()) -> set[str]:
    return {commit.id for commit in store.lineage(heads, known)}


def test_a_world_comes_back_as_it_was_kept(store: SqlStore) -> None:
    row = moved(store, founded(store), "b", snapshots={"z": Ref("a", 3), "y": Ref("b", 4)}, epoch=2, records=4)

    assert store.rows() == [row]
    assert list(store.rows(["default"])[0].snapshots) == ["z", "y"]
    assert store.rows(["other"]) == []
    assert store.standings(["default", "other"]) == {"default": Standing(2, "a")}


def test_a_change_of_what_was_changed_meanwhile_is_refused_and_leaves_nothing(store: SqlStore) -> None:
    row = founded(store)
    now = moved(store, row, "b")

    late = Change("c", row, row._replace(version=2, head="c"), (Commit("c", "a", b"step"),))

    assert store.apply([late]) == [False]
    assert store.rows() == [now]
    assert ids(store, "c") == set()


def test_changes_that_go_together_are_taken_or_refused_one_by_one(store: SqlStore) -> None:
    row, other = founded(store), founded(store, "other", "o")
    late = Change("c", row._replace(version=7), row._replace(version=8, head="c"), (Commit("c", "a", b""),))
    good = Change("p", other, other._replace(version=2, head="p"), (Commit("p", "o", b""),))
    stray = Change("q", None, world("stray", head="q", initial="q"), (Commit("q", "nowhere", b""),))

    assert store.apply([late, good, stray]) == [False, True, False]
    assert {each.name: each.head for each in store.rows()} == {"default": "a", "other": "p"}


def test_a_change_that_was_taken_is_taken_when_it_is_asked_again(store: SqlStore) -> None:
    row = founded(store)
    change = Change("b", row, row._replace(version=2, head="b"), (Commit("b", "a", b"step"),))
    gone = Change("x", change.after, None, reason="was deleted")

    assert store.apply([change]) + store.apply([change]) == [True, True]
    assert store.apply([gone]) + store.apply([gone]) == [True, True]
    assert store.rows() == []


def test_a_name_is_founded_once(store: SqlStore) -> None:
    founded(store)

    assert store.apply([Change("b", None, world(head="b", initial="b"), (Commit("b", None, b""),))]) == [False]


def test_why_a_world_is_gone_is_known_until_its_name_is_used_again(store: SqlStore) -> None:
    row = founded(store)
    assert store.gone("default") is None

    store.apply([Change("x", row, None, reason="was deleted")])
    assert store.gone("default") == "was deleted"

    founded(store, commit="n")
    assert store.gone("default") is None


def test_a_world_of_the_same_name_is_told_from_the_one_before(store: SqlStore) -> None:
    row = founded(store)
    store.apply([Change("x", row, None, reason="was deleted")])
    founded(store, commit="n")

    assert not row.is_at(store.standings(["default"])["default"])
    late = Change("b", row, row._replace(version=2, head="b"), (Commit("b", "a", b""),))
    assert store.apply([late]) == [False]


def test_a_lineage_leads_back_to_what_is_known_or_whole(store: SqlStore) -> None:
    row = moved(store, moved(store, founded(store), "b"), "c")

    assert ids(store, row.head) == {"a", "b", "c"}
    assert ids(store, row.head, known=("a",)) == {"b", "c"}
    assert ids(store, "c", known=("b",)) == {"c"}
    assert ids(store, "nowhere") == set()

    store.make_whole("b", b"all of b")
    assert sorted(store.lineage(["c"], [])) == [Commit("b", None, b"all of b"), Commit("c", "b", b"step")]


def test_what_was_made_whole_stays_as_it_is(store: SqlStore) -> None:
    row = moved(store, founded(store), "b")

    store.make_whole(row.head, b"first")
    store.make_whole(row.head, b"second")

    assert store.lineage(["b"], []) == [Commit("b", None, b"first")]


def test_commits_that_nothing_leads_to_are_dropped_once_they_are_old(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = moved(store, moved(store, founded(store), "b"), "c", snapshots={"s": Ref("b", 3)})
    row = moved(store, row._replace(snapshots={}), "d", snapshots={"s": Ref("c", 3)})
    store.make_whole("c", b"all of c")
    assert store.collect() == 0, "commits of a moment ago are spared"

    monkeypatch.setattr(sql, "SPARED_SECONDS", -1.0)

    assert store.collect() == 1
    assert ids(store, "a", "b", "c", "d") == {"a", "c", "d"}


def test_a_young_commit_keeps_those_it_follows_from(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: now - 2 * sql.SPARED_SECONDS)
        store.keep(Commit("old", None, b"whole"))
    row = founded(store)
    late = Change("young", row, None, (Commit("young", "old", b"step"),))
    store.apply([late])

    assert store.collect() == 0
    assert ids(store, "young") == {"old", "young"}


def test_keeping_what_is_kept_spares_it(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: 1000.0)
        store.keep(Commit("seeds", None, b"whole"))

    store.keep(Commit("seeds", None, b"whole"))

    assert store.collect() == 0


def test_uses_are_noted_and_never_taken_back(store: SqlStore) -> None:
    founded(store)

    store.touch({"default": 9.0, "nobody": 9.0})
    store.touch({"default": 8.0})

    assert [(each.used, each.version) for each in store.rows()] == [(9.0, 1)]


def test_numbers_are_given_once(store: SqlStore, url: str) -> None:
    other = open_store(url, "shop")
    given = [store.next_number(), other.next_number(), store.next_number()]
    other.close()

    assert given == [1, 2, 3]


def test_what_was_kept_is_there_after_a_restart(url: str) -> None:
    first = open_store(url, "shop")
    row = moved(first, founded(first), "b")
    first.close()

    again = open_store(url, "shop")
    assert again.rows() == [row]
    again.close()


def test_worlds_of_another_contract_are_refused(url: str) -> None:
    open_store(url, "shop").close()

    with pytest.raises(CannotOpen, match=r"it holds worlds of the contract shop, not of market; choose another"):
        open_store(url, "market")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqllite:///x.db", r"did you mean sqlite:///FILE\?"),
        ("redis://x", "there are memory, sqlite:///FILE"),
        ("sqlite:///", "sqlite:///FILE"),
    ],
)
def test_what_is_no_store_is_refused_with_what_would_be_one(url: str, said: str) -> None:
    with pytest.raises(CannotOpen, match=said):
        open_store(url, "shop")
