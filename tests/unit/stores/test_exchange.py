"""What servers ask one another by way of their store."""

from __future__ import annotations

import time

import pytest

from mockserver.stores import exchange
from mockserver.stores.sql import SqlStore


def test_a_server_knows_those_that_were_seen_lately(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = store.exchange("one"), store.exchange("two")
    assert one.others() == set()

    one.be_seen()
    two.be_seen()
    assert (one.others(), two.others()) == ({"two"}, {"one"})

    two.leave()
    assert one.others() == set()

    two.be_seen()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + exchange.GONE_SECONDS + 1)
    assert one.others() == set()


def test_a_question_is_answered_once_by_each_of_the_others(store: SqlStore) -> None:
    one, two, three = (store.exchange(name) for name in ("one", "two", "three"))

    one.put("q", "who is there?")

    assert one.questions() == []
    assert two.questions() == three.questions() == [("q", "who is there?")]
    two.answer("q", b"two")
    two.answer("q", b"two again")
    assert two.questions() == []
    assert one.answers("q") == {"two": b"two"}
    one.close("q")
    assert (one.answers("q"), three.questions()) == ({}, [])
    three.answer("q", b"too late")
    assert one.answers("q") == {}


def test_questions_of_those_who_are_gone_are_forgotten(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = store.exchange("one"), store.exchange("two")
    one.put("q", "anybody?")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + exchange.GONE_SECONDS + 1)

    two.be_seen()

    assert two.questions() == []
