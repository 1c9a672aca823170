"""Holds the database that tests run on to what it promises them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres
from tests.support.postgres import postgres as cluster

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


@pytest.fixture(scope="module")
def own() -> Iterator[Postgres]:
    """One to be killed, apart from that of the other tests."""
    with cluster() as running:
        yield running


def test_it_is_a_postgresql_that_does_not_run_as_root(postgres: Postgres) -> None:
    owner = postgres.folder.stat().st_uid

    assert postgres.ask("SHOW server_version").startswith("18.")
    assert postgres.ask("SHOW fsync") == postgres.ask("SHOW synchronous_commit") == "on"
    assert owner != 0
    assert os.geteuid() in (0, owner)


def test_a_fresh_database_is_empty_whatever_was_done_in_another(postgres: Postgres) -> None:
    one, other = postgres.fresh(), postgres.fresh()

    postgres.ask("CREATE TABLE t AS SELECT 1 AS n", one)

    assert (postgres.ask(TABLES, one), postgres.ask(TABLES, other)) == ("1", "0")


def test_a_database_is_empty_for_whoever_has_it_next(postgres: Postgres) -> None:
    with postgres.empty() as one:
        postgres.ask("CREATE TABLE t (n int); CREATE SCHEMA s; CREATE TABLE s.t (n int)", one)

    with postgres.empty() as next_one:
        assert next_one == one
        assert postgres.ask(TABLES, one) == "0"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=str)
def test_what_was_committed_is_there_after_each_kind_of_end(own: Postgres, number: signal.Signals) -> None:
    database = own.fresh()
    own.ask("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n", database)

    own.restart(number)

    assert own.ask("SELECT count(*) FROM t", database) == "1000"


def test_an_immediate_stop_is_recovered_from(own: Postgres) -> None:
    before = own.log.count("was interrupted")

    own.restart(signal.SIGQUIT)

    assert own.log.count("was interrupted") == before + 1
