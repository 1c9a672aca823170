"""The database: made by turns, left alone when it is not ours, and found again when it was away."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest

from mockserver.exchange import Problem
from mockserver.stores import postgres as module
from mockserver.stores import schema
from mockserver.stores.opening import shown_url
from mockserver.stores.postgres import PostgresStore
from mockserver.stores.store import CannotOpen, Change, Commit, Look, LookLost, Standing, Stored
from tests.support.polling import until
from tests.support.postgres import Postgres
from tests.support.postgres import postgres as cluster

ROW = Stored("default", 1, "a", "a", 0, "fixtures", None, 1.0)
FOUNDING = Change("a", None, ROW, (Commit("a", None, b"whole"),))


@pytest.fixture
def own() -> Iterator[Postgres]:
    """A cluster that nobody else uses, so that it can be taken away."""
    with cluster() as running:
        yield running


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_servers_that_start_at_once_make_it_once(database: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: PostgresStore(database), range(8)))

    assert [store.next_number() for store in stores] == [1, 2, 3, 4, 5, 6, 7, 8]
    for store in stores:
        store.close()
    assert ask(database, "SELECT value FROM mockserver.meta WHERE name = 'schema'") == [(str(schema.VERSION),)]


def test_what_a_newer_mockserver_made_is_left_as_it_is(database: str) -> None:
    PostgresStore(database).close()
    ask(database, "UPDATE mockserver.meta SET value = '99' WHERE name = 'schema'")

    with pytest.raises(CannotOpen, match=r"newer mockserver \(schema 99, this one knows 2\), and was left as it is"):
        PostgresStore(database)

    assert ask(database, "SELECT value FROM mockserver.meta WHERE name = 'schema'") == [("99",)]


@pytest.mark.parametrize(
    "made",
    [
        "CREATE SCHEMA mockserver",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta (name TEXT, value TEXT)",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta (mine INT)",
    ],
)
def test_what_somebody_else_made_is_left_as_it_is(made: str, database: str) -> None:
    ask(database, made)
    tables = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'mockserver'"
    before = ask(database, tables)

    with pytest.raises(CannotOpen, match="the schema mockserver in the database is not ours, and was left as it is"):
        PostgresStore(database)

    assert ask(database, tables) == before


def test_an_older_database_becomes_one_of_this_version_and_keeps_its_worlds(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(PostgresStore(database)) as store:
        store.apply([FOUNDING])
    added = ("ALTER TABLE meta ADD COLUMN since {blob}", "CREATE TABLE more (name TEXT)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, added))
    monkeypatch.setattr(module, "VERSION", schema.VERSION + 1)

    for _ in range(2):
        with closing(PostgresStore(database)) as store:
            assert store.rows() == [ROW]
    assert ask(database, "SELECT value FROM mockserver.meta WHERE name = 'schema'") == [(str(schema.VERSION + 1),)]
    assert ask(database, "SELECT count(*) FROM mockserver.more") == [(0,)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_database_that_comes_back_is_found_again(own: Postgres, number: signal.Signals) -> None:
    with closing(PostgresStore(own.fresh())) as store:
        store.apply([FOUNDING])

        own.restart(number)

        assert store.rows() == [ROW]
        assert store.next_number() == 1


def test_a_change_whose_outcome_was_never_heard_of_is_kept_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is lost when the database has committed, and before it could say so."""
    with closing(PostgresStore(database)) as store:
        lost: list[Any] = []
        use = store._writer.use

        def losing(work: Callable[[Any], Any], unsettled: str) -> Any:
            def once(connection: Any) -> Any:
                done = work(connection)
                if not lost:
                    lost.append(connection)
                    connection.close()
                    raise psycopg.OperationalError("the connection was lost")
                return done

            return use(once, unsettled)

        monkeypatch.setattr(store._writer, "use", losing)

        assert store.apply([FOUNDING]) == [True]
        assert len(lost) == 1
        assert store.rows() == [ROW]


def test_a_database_that_stays_away_is_a_clear_refusal_and_no_loss(
    own: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.3)
    with closing(PostgresStore(own.fresh())) as store:
        store.apply([FOUNDING])
        own.stop()

        with pytest.raises(Problem, match=r"the database cannot be used now: .*; ask again") as caught:
            store.rows()
        assert (caught.value.status, caught.value.headers) == (503, (("Retry-After", "1"),))

        own.start()
        assert store.rows() == [ROW]


def test_a_look_is_answered_when_its_descriptor_can_be_read(database: str) -> None:
    with closing(PostgresStore(database)) as store, closing(store.look()) as look:
        store.apply([FOUNDING])
        found: list[dict[str, Standing]] = []
        for _ in range(3):
            look.send(["default", "nobody"])
            until(lambda: _heard(look, found), "an answer")

        assert found == [{"default": Standing(1, "a")}] * 3


def _heard(look: Look, found: list[dict[str, Standing]]) -> bool:
    answer = look.receive()
    if answer is not None:
        found.append(answer)
    return answer is not None


def test_a_look_says_that_its_connection_is_lost(own: Postgres) -> None:
    with closing(PostgresStore(own.fresh())) as store, closing(store.look()) as look:
        own.restart()

        def asked() -> bool:
            look.send(["default"])
            return look.receive() is not None

        with pytest.raises(LookLost):
            until(asked, "an answer")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:secret@host/db", "postgresql://ann:…@host/db"),
        ("postgresql://ann@host/db", "postgresql://ann@host/db"),
        ("postgresql://ann:a:b/c@host/db?password=secret&x=1", "postgresql://ann:…@host/db?password=…&x=1"),
        ("postgresql:///db?host=/tmp", "postgresql:///db?host=/tmp"),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@localhost:1/x?connect_timeout=1", "refused"),
        ("postgresql://x?nonsense=1", "nonsense"),
    ],
)
def test_a_database_that_cannot_be_reached_is_refused_with_the_reason(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)

    with pytest.raises(CannotOpen, match=said) as caught:
        PostgresStore(url)

    assert "\n" not in str(caught.value)
