"""Worlds in PostgreSQL, which any number of servers on any number of machines may share."""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import errors

from mockserver.exchange import Problem
from mockserver.stores.courier import PostgresCourier
from mockserver.stores.schema import VERSION, steps
from mockserver.stores.sql import NONE, Parameters, Refused, Rows, SqlStore, T, Work
from mockserver.stores.store import CannotOpen, Courier, CourierLost
from mockserver.stores.urls import refuse_unreadable

SCHEMA = "mockserver"
# Any number will do, if nobody else's is the same.
MIGRATION_LOCK = 0x6D6F636B
PATIENCE_SECONDS = 5.0
LONGEST_PAUSE = 0.5
CONNECT_SECONDS = 3
RETRY = (("Retry-After", "1"),)
# Nobody is to wait for a server that fell asleep in the middle of a transaction. All is found by its key, also by plans
# that were made, and are kept, when reading a table as a whole was quicker because it had next to nothing in it. How
# texts and bytes come is not left to what a role or a database has of its own.
SESSION = f"""
SET search_path TO {SCHEMA};
SET client_encoding TO 'UTF8';
SET bytea_output TO hex;
SET synchronous_commit TO on;
SET lock_timeout TO '4s';
SET idle_in_transaction_session_timeout TO '4s';
SET enable_seqscan TO off;
SET enable_hashjoin TO off;
SET enable_mergejoin TO off"""
PARAMETER = re.compile(r":(\w+)")
# What may be another time: the connection or the whole database was lost, or two transactions were in each other's way.
PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.ReadOnlySqlTransaction,
)
# The database would spend more time on making changes smaller than on writing them down.
COMPRESSED = """
SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('commits') AND attname = 'body' AND attstorage <> 'e'"""
FULL = (errors.DiskFull, errors.OutOfMemory)

Connection = psycopg.Connection[tuple[Any, ...]]
# What it warns of, a connection that was lost in a transaction, is found out and made good here.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


class PostgresSession:
    """One connection in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, statement: str, parameters: Parameters = NONE) -> Rows:
        return self._connection.execute(_translated(statement), parameters).fetchall()

    def do(self, statement: str, parameters: Parameters = NONE) -> int:
        return self._connection.execute(_translated(statement), parameters).rowcount

    @contextmanager
    def attempt(self) -> Iterator[list[Exception]]:
        undone: list[Exception] = []
        try:
            with self._connection.transaction():
                yield undone
        except (Refused, psycopg.IntegrityError) as error:
            undone.append(error)


class Line:
    """A connection that is made when it is needed, and made again when it was lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def use(self, work: Callable[[Connection], T], unsettled: str = "") -> T:
        """What work gives; what passes is waited for. A 507 Problem, or a 503 one with what is then `unsettled`."""
        until = time.monotonic() + PATIENCE_SECONDS
        pause = LONGEST_PAUSE / 64
        with self._lock:
            while True:
                try:
                    return work(self._open())
                except FULL as error:
                    reason = "there is no room left in the database, and nothing was changed; make room, and ask again"
                    raise Problem(507, reason, headers=RETRY) from error
                except PASSING as error:
                    self._check()
                    if time.monotonic() + pause > until:
                        raise _away(error, unsettled) from error
                except psycopg.Error as error:
                    raise _away(error, unsettled) from error
                time.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = _connect(self._url)
        return self._connection

    def _check(self) -> None:
        """Lets go of a connection that is of no use any more."""
        connection = self._connection
        if connection is not None and (connection.closed or connection.broken):
            self.close()


class PostgresStore(SqlStore):
    """A database in whose schema `mockserver` everything is kept.

    One connection writes, another one reads, and one stands in line where a world is changed all the time.
    """

    instant = False
    texts = "SELECT value FROM json_array_elements_text(CAST(:{name} AS json))"
    lock = " FOR UPDATE"

    def __init__(self, url: str, *, make: bool = True) -> None:
        """CannotOpen when the database cannot be used; it is then as it was."""
        refuse_unreadable(url)
        self._url = url
        self._writer, self._reader, self._apart = Line(url), Line(url), Line(url)
        try:
            self.write(lambda session: _migrate(session, make))
        except Problem as problem:
            self.close()
            # That it was the wrong moment is no help to who starts a server.
            raise CannotOpen(_hindrance(problem.__cause__ or problem)) from problem
        except BaseException:
            self.close()
            raise

    def courier(self) -> Courier:
        try:
            return PostgresCourier(_connect(self._url))
        except psycopg.Error as error:
            raise CourierLost from error

    def close(self) -> None:
        for line in (self._apart, self._reader, self._writer):
            line.close()

    def write(self, work: Work[T]) -> T:
        return _written(self._writer, work)

    def write_apart(self, work: Work[T]) -> T:
        return _written(self._apart, work)

    def ask(self, statement: str, parameters: Parameters = NONE) -> Rows:
        return self._reader.use(lambda connection: PostgresSession(connection).ask(statement, parameters))


def _written(line: Line, work: Work[T]) -> T:
    def transaction(connection: Connection) -> T:
        with connection.transaction():
            return work(PostgresSession(connection))

    return line.use(transaction, "; what was to be changed may have been changed or not")


def _connect(url: str) -> Connection:
    connection: Connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
    connection.execute(SESSION)
    return connection


@cache
def _translated(statement: str) -> bytes:
    """The statement with its parameters as psycopg has them."""
    return PARAMETER.sub(r"%(\1)s", statement).encode()


def _away(error: psycopg.Error, unsettled: str) -> Problem:
    return Problem(503, f"the database cannot be used now: {_reason(error)}{unsettled}; ask again", headers=RETRY)


def _reason(error: BaseException) -> str:
    """The first line of what is wrong."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _hindrance(error: BaseException) -> str:
    """Why the database cannot be used, and what would be right where that does not say itself."""
    told = f"the database cannot be used: {_reason(error)}"
    if isinstance(error, errors.InsufficientPrivilege):
        return f"{told}; let this role create the schema {SCHEMA} there, or use all that is in it"
    return told


def _migrate(session: Any, make: bool) -> None:
    """Makes the tables, or makes older ones those of this version; servers that start together take turns."""
    session.ask("SELECT pg_advisory_xact_lock(:lock)", {"lock": MIGRATION_LOCK})
    since = _version(session)
    if since > VERSION:
        newer = f"the database was written to by a newer mockserver (schema {since}, this one knows {VERSION})"
        raise CannotOpen(f"{newer}, and was left as it is; upgrade mockserver, or name another database")
    if since == 0 and not make:
        raise CannotOpen("no worlds are kept in this database")
    if since == 0:
        session.do(f"CREATE SCHEMA {SCHEMA}")
    for statement in steps(since, "BYTEA"):
        session.do(statement)
    if session.ask(COMPRESSED):
        session.do("ALTER TABLE commits ALTER COLUMN body SET STORAGE EXTERNAL")
    if since < VERSION:
        session.do("DELETE FROM meta WHERE name = 'schema'")
        session.do("INSERT INTO meta (name, value) VALUES ('schema', :version)", {"version": str(VERSION)})


def _version(session: Any) -> int:
    """The version of what is there, 0 where nothing is."""
    if not session.ask("SELECT 1 FROM pg_namespace WHERE nspname = :schema", {"schema": SCHEMA}):
        return 0
    if session.ask(f"SELECT to_regclass('{SCHEMA}.meta')")[0][0] is not None:
        try:
            return int(session.ask("SELECT value FROM meta WHERE name = 'schema'")[0][0])
        except errors.InsufficientPrivilege:
            raise
        except (psycopg.ProgrammingError, psycopg.DataError, LookupError, ValueError):
            pass
    raise CannotOpen(f"the schema {SCHEMA} in the database is not ours, and was left as it is; name another database")
