"""The database: made by turns, left alone when it is not ours, and found again when it was away."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

import psycopg
import pytest

from mockserver.exchange import Problem
from mockserver.stores import postgres as module
from mockserver.stores import schema, trips
from mockserver.stores.opening import open_store
from mockserver.stores.postgres import PostgresStore
from mockserver.stores.store import CannotOpen, Change, Commit, Courier, CourierLost, News, Ref, Standing, Stored
from mockserver.stores.trips import Trip
from mockserver.stores.urls import shown_url
from tests.support.polling import until
from tests.support.postgres import Postgres
from tests.support.postgres import postgres as cluster

T = TypeVar("T")
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


def test_a_plan_that_was_made_of_empty_tables_finds_each_commit_by_its_key(database: str) -> None:
    """It is kept when there are ten thousand, each of which the whole table would be read for."""
    with closing(PostgresStore(database)) as store, closing(module._connect(database)) as connection:
        store.apply([FOUNDING])
        connection.execute("SET plan_cache_mode TO force_generic_plan")
        connection.execute(b"PREPARE news (text, text) AS " + trips.NEWS)
        plan = "\n".join(line for (line,) in connection.execute("EXPLAIN EXECUTE news ('default', '{}')"))

    assert "Index Scan using commits_pkey on commits older" in plan
    assert "Seq Scan" not in plan


def test_what_a_newer_mockserver_made_is_left_as_it_is(database: str) -> None:
    PostgresStore(database).close()
    ask(database, "UPDATE mockserver.meta SET value = '99' WHERE name = 'schema'")

    with pytest.raises(CannotOpen, match=r"newer mockserver \(schema 99, this one knows 3\), and was left as it is"):
        PostgresStore(database)

    assert ask(database, "SELECT value FROM mockserver.meta WHERE name = 'schema'") == [("99",)]


@pytest.mark.parametrize(
    "made",
    [
        "CREATE SCHEMA mockserver",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta (name TEXT, value TEXT)",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta (mine INT)",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta (name INT, value INT)",
        "CREATE SCHEMA mockserver; CREATE TABLE mockserver.meta AS SELECT 'schema' AS name, 'two' AS value",
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


def trip_of(courier: Courier, trip: Trip[T]) -> T:
    """What it comes to, once it is back."""
    whole, found = courier.send(trip), list[T]()
    until(lambda: (whole or courier.flush()) and _back(courier, found), "the trip is back")
    return found[0]


def _back(courier: Courier, found: list[Any]) -> bool:
    found += courier.receive()
    return bool(found)


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    """One that holds a world."""
    with closing(PostgresStore(database)) as made:
        made.apply([FOUNDING])
        yield made


@pytest.fixture
def couriers(store: PostgresStore) -> Iterator[list[Courier]]:
    with closing(store.courier()) as first, closing(store.courier()) as second:
        yield [first, second]


def moved(row: Stored, id: str, body: bytes = b"[]") -> Change:
    """The change that makes a world stand at a new commit."""
    after = row._replace(version=row.version + 1, head=id)
    return Change(id, row, after, (Commit(id, row.head, body),))


def moved_row(change: Change) -> Stored:
    assert change.after is not None
    return change.after


def test_a_courier_tells_where_worlds_stand(couriers: list[Courier]) -> None:
    for _ in range(3):
        assert trip_of(couriers[0], trips.standings(["default", "nobody"])) == {"default": Standing(1, "a")}


def test_trips_come_back_in_the_order_in_which_they_were_sent(couriers: list[Courier]) -> None:
    courier, found = couriers[0], list[Any]()
    for name in ("default", "nobody", "default"):
        courier.send(trips.standings([name]))

    until(lambda: _back(courier, found) and len(found) == 3, "all are back")

    assert found == [{"default": Standing(1, "a")}, {}, {"default": Standing(1, "a")}]


def test_a_courier_keeps_what_comes_in_time_and_refuses_what_comes_too_late(
    store: PostgresStore, couriers: list[Courier]
) -> None:
    body = bytes(range(256)) * 20_000
    first = moved(ROW, "b", body)

    assert trip_of(couriers[0], trips.apply([first])) == [True]
    assert trip_of(couriers[1], trips.apply([moved(ROW, "c"), moved(moved_row(first), "d")])) == [False, True]

    assert store.rows() == [ROW._replace(version=3, head="d")]
    assert {each.id: each.body for each in store.lineage(["d"], [])} == {"a": b"whole", "b": body, "d": b"[]"}


def test_a_courier_tells_what_leads_from_what_is_known_to_what_is_there(
    store: PostgresStore, couriers: list[Courier]
) -> None:
    first = moved(ROW, "b", b"\x00b")
    second = moved(moved_row(first), "c", b"\xffc")
    store.apply([first, second])
    kept = Change("x", second.after, moved_row(second)._replace(version=4, snapshots={"s": Ref("b", 7)}))
    store.apply([kept])

    for known, wanted in ((["a"], ["b", "c"]), (["b", "other"], ["c"]), (["c"], [])):
        told = trip_of(couriers[0], trips.news("default", known))
        assert told is not None
        assert told.row == kept.after
        assert sorted(each.id for each in told.commits) == wanted
        assert {each.body for each in told.commits} <= {b"\x00b", b"\xffc"}
    assert trip_of(couriers[0], trips.news("nobody", ["a"])) is None


def test_who_has_a_turn_is_waited_for_by_who_wants_one_and_by_nobody_else(couriers: list[Courier]) -> None:
    holder, other = couriers
    first = trip_of(holder, trips.begin_turn("default", ["a"]))
    assert first == News(ROW, ())

    # Who is in a hurry is told at once that somebody else is about to be quicker.
    assert trip_of(other, trips.apply([moved(ROW, "c")])) == [False]
    assert trip_of(other, trips.standings(["default"])) == {"default": Standing(1, "a")}
    other.send(trips.begin_turn("default", ["a"]))
    assert other.receive() == []
    change = moved(ROW, "b")
    assert trip_of(holder, trips.end_turn(change)) == [True]

    second: list[Any] = []
    until(lambda: _back(other, second), "the turn")
    assert second == [News(moved_row(change), change.commits)]
    trip_of(other, trips.leave_turn())
    assert trip_of(holder, trips.begin_turn("default", ["b"])) == News(moved_row(change), ())


def test_a_change_that_is_more_than_a_step_is_not_plain() -> None:
    step = moved(ROW, "b")
    assert trips.is_plain(step)
    assert not trips.is_plain(FOUNDING)
    assert not trips.is_plain(step._replace(after=None))
    assert not trips.is_plain(step._replace(commits=()))
    assert not trips.is_plain(step._replace(after=moved_row(step)._replace(snapshots={"s": Ref("b", 7)})))


def test_a_courier_says_that_its_connection_is_lost(own: Postgres) -> None:
    with closing(PostgresStore(own.fresh())) as store, closing(store.courier()) as courier:
        own.restart()

        with pytest.raises(CourierLost):
            trip_of(courier, trips.standings(["default"]))
        with pytest.raises(CourierLost):
            courier.send(trips.standings(["default"]))


def test_what_the_database_refuses_ends_the_use_of_a_courier(couriers: list[Courier]) -> None:
    with pytest.raises(CourierLost, match="duplicate key"):
        trip_of(couriers[0], trips.apply([moved(ROW, "a")]))


def test_a_database_that_is_away_has_no_couriers(own: Postgres) -> None:
    with closing(PostgresStore(own.fresh())) as store:
        own.stop()
        with pytest.raises(CourierLost):
            store.courier()


def test_changes_are_not_made_smaller_by_the_database_also_where_they_were(database: str) -> None:
    PostgresStore(database).close()
    ask(database, "ALTER TABLE mockserver.commits ALTER COLUMN body SET STORAGE EXTENDED")

    PostgresStore(database).close()

    assert ask(
        database,
        "SELECT attstorage FROM pg_attribute WHERE attname = 'body' AND attrelid = 'mockserver.commits'::regclass",
    ) == [("e",)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:secret@host/db", "postgresql://ann:…@host/db"),
        ("postgresql://ann@host/db", "postgresql://ann@host/db"),
        ("postgresql://ann:a:b/c@host/db?password=secret&x=1", "postgresql://ann:…@host/db?password=…&x=1"),
        ("postgresql://ann:a?b@host/db", "postgresql://ann:…@host/db"),
        ("postgresql:///db?host=/tmp", "postgresql:///db?host=/tmp"),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://x?nonsense=1", 'invalid URI query parameter: "nonsense"'),
        ("postgresql://ann:secret%zz@host/db", 'invalid percent-encoded token: "…"'),
        ("postgresql://ann:secret@[::1/db", 'in IPv6 host address in URI: "…"'),
    ],
)
def test_a_url_that_cannot_be_read_is_refused_and_its_password_not_shown(url: str, said: str) -> None:
    with pytest.raises(CannotOpen) as caught:
        PostgresStore(url)

    assert said in str(caught.value)
    assert "write it as postgresql://USER:PASSWORD@HOST/DATABASE" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_refused_with_the_reason_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)

    with pytest.raises(CannotOpen) as caught:
        PostgresStore("postgresql://nobody@localhost:1/x?connect_timeout=1")

    assert str(caught.value).startswith("the database cannot be used: ")
    assert str(caught.value).endswith("refused")


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        ("CREATE ROLE {role} LOGIN", "permission denied for database"),
        ("GRANT USAGE ON SCHEMA mockserver TO {role}", "permission denied for table meta"),
    ],
)
def test_a_role_without_rights_is_told_what_it_needs(granted: str, said: str, own: Postgres) -> None:
    url, role = own.url(), "weak"
    if "SCHEMA" in granted:
        PostgresStore(url).close()
        ask(url, f"CREATE ROLE {role} LOGIN")
    ask(url, granted.format(role=role))

    with pytest.raises(CannotOpen, match=said) as caught:
        PostgresStore(url.replace("//postgres@", f"//{role}@"))

    assert str(caught.value).endswith("; let this role create the schema mockserver there, or use all that is in it")


CUT_OFF = """
import sys
from mockserver.stores.postgres import PostgresStore
from mockserver.stores.sql import Refused

def work(session):
    attempts.append(session)
    with session.attempt():
        if len(attempts) == 1:
            ((pid,),) = session.ask("SELECT pg_backend_pid()")
            store.ask(f"SELECT pg_terminate_backend({pid}, 10000)")
        raise Refused
    session.ask("SELECT 1")
    return len(attempts)

attempts, store = [], PostgresStore(sys.argv[1])
print(store.write(work))
store.close()
"""


def test_a_connection_that_is_cut_and_made_again_leaves_no_line_in_the_log(database: str) -> None:
    done = subprocess.run([sys.executable, "-c", CUT_OFF, database], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


@pytest.mark.parametrize("setting", ["client_encoding=SQL_ASCII", "options=-c%20bytea_output%3Descape"])
def test_how_texts_and_bytes_come_is_not_left_to_what_others_have_set(setting: str, database: str) -> None:
    url = f"{database}&{setting}"
    open_store(url, "shop").close()
    with closing(open_store(url, "shop")) as store, closing(store.courier()) as courier:
        store.apply([FOUNDING])

        assert trip_of(courier, trips.news("default", ())) == News(ROW, FOUNDING.commits)
