"""Worlds in one file, which several processes of one machine may share."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mockserver.exchange import Problem
from mockserver.stores.schema import VERSION, steps
from mockserver.stores.sql import NONE, Parameters, Refused, Rows, SqlStore, T, Work
from mockserver.stores.store import CannotOpen, Standing

APPLICATION = 0x6D6F636B  # "mock"
MAGIC = b"SQLite format 3\0"
# What SQLite, unlike everybody else, takes for a database that is no file.
IN_MEMORY = ":memory:"
# The second one: not even for what processes share beside the file.
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
PATIENCE_SECONDS = 5.0
RETRY = (("Retry-After", "1"),)


class SqliteSession:
    """One connection in a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, statement: str, parameters: Parameters = NONE) -> Rows:
        rows: Rows = self._connection.execute(statement, parameters).fetchall()
        return rows

    def do(self, statement: str, parameters: Parameters = NONE) -> int:
        return self._connection.execute(statement, parameters).rowcount

    @contextmanager
    def attempt(self) -> Iterator[list[Exception]]:
        undone: list[Exception] = []
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield undone
        except (Refused, sqlite3.IntegrityError) as error:
            undone.append(error)
            self._connection.execute("ROLLBACK TO attempt")
        self._connection.execute("RELEASE attempt")


class SqliteStore(SqlStore):
    """A file in WAL mode. What was answered is on the disk: each transaction ends with a sync."""

    instant = True
    texts = "SELECT value FROM json_each(:{name})"
    lock = ""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        """CannotOpen when the file cannot be used; it is then as it was."""
        self._path = path
        self._write_lock, self._read_lock, self._look_lock = (threading.Lock() for _ in range(3))
        try:
            _prepare(path, make)
            self._writer, self._reader, self._looker = (_connect(path) for _ in range(3))
            with _transaction(self._writer, "IMMEDIATE"):
                _migrate(SqliteSession(self._writer))
        except sqlite3.Error as error:
            raise CannotOpen(_problem(path, error).message) from error
        except OSError as error:
            raise CannotOpen(f"{path} cannot be used: {error.strerror or error}") from error
        # We wait for other writers ourselves, more eagerly.
        self._writer.execute("PRAGMA busy_timeout = 0")

    def standings(self, names: Collection[str]) -> dict[str, Standing]:
        """The look that is taken in the event loop, by a connection of its own."""
        found = {}
        with self._look_lock:
            try:
                for name in names:
                    row = self._looker.execute("SELECT version, initial FROM worlds WHERE name = ?", (name,)).fetchone()
                    if row is not None:
                        found[name] = Standing(*row)
            except sqlite3.Error as error:
                raise _problem(self._path, error) from error
        return found

    def close(self) -> None:
        # A connection that is closed while another thread is in it takes the whole process with it.
        with self._look_lock, self._read_lock, self._write_lock:
            for connection in (self._looker, self._reader, self._writer):
                connection.close()

    def write(self, work: Work[T]) -> T:
        with self._write_lock:
            try:
                with _transaction(self._writer, "IMMEDIATE"):
                    return work(SqliteSession(self._writer))
            except sqlite3.Error as error:
                raise _problem(self._path, error) from error

    def ask(self, statement: str, parameters: Parameters = NONE) -> Rows:
        with self._read_lock:
            try:
                return SqliteSession(self._reader).ask(statement, parameters)
            except sqlite3.Error as error:
                raise _problem(self._path, error) from error


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    _begin(connection, kind)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection, kind: str) -> None:
    """Begins, once no other process is writing."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.execute(f"BEGIN {kind}")
        except sqlite3.OperationalError as error:
            if _code(error) not in ("SQLITE_BUSY", "SQLITE_LOCKED") or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.0002, 0.002))
        else:
            return


def _problem(path: Path, error: sqlite3.Error) -> Problem:
    code = _code(error)
    if code in NO_ROOM:
        reason = f"there is no room left where {path} is kept, and nothing was changed; make room, and ask again"
        return Problem(507, reason, headers=RETRY)
    if code == "SQLITE_BUSY":
        reason = f"{path} is being written to by others for too long, and nothing was changed; ask again"
    elif code.startswith("SQLITE_READONLY"):
        reason = f"{path} may not be written to, and nothing was changed; reading goes on"
    else:
        reason = f"{path} cannot be used now, and nothing was changed: {error} ({code})"
    return Problem(503, reason, headers=RETRY)


def _code(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "") or "SQLITE_ERROR"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _prepare(path: Path, make: bool) -> None:
    """Makes the file, or finds that it is one of ours, without touching one that is not."""
    if str(path) == IN_MEMORY:
        raise CannotOpen(f"{path} is no file; worlds in memory are kept by --store memory")
    if not path.parent.is_dir():
        raise CannotOpen(f"there is no folder {path.parent}; create it first")
    if path.is_dir():
        raise CannotOpen(f"{path} is a folder; name a file in it")
    if not path.exists():
        if not make:
            raise CannotOpen(f"there is no file {path}")
        _make(path)
        return
    if not path.is_file():
        raise CannotOpen(f"{path} is no file that worlds can be kept in; name another one")
    with path.open("rb") as file:
        head = file.read(100)
    if head and (not head.startswith(MAGIC) or int.from_bytes(head[68:72]) != APPLICATION):
        raise CannotOpen(f"{path} is no file of mockserver's, and was left as it is; name another one")
    _refuse_unwritable(path)
    if not head:
        _fill(path)
        return
    _refuse_newer(path, int.from_bytes(head[60:64]))
    # A newer version may stand in the log beside the file only.
    reading = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)
    try:
        _refuse_newer(path, reading.execute("PRAGMA user_version").fetchone()[0])
    finally:
        reading.close()


def _refuse_unwritable(path: Path) -> None:
    """SQLite would find out too, and leave its log beside the file."""
    for place, what in ((path, "it"), (path.parent, "the folder, for its log is kept beside it")):
        if not os.access(place, os.W_OK):
            raise CannotOpen(f"{path} may only be read, and was left as it is; let this user write to {what}")


def _refuse_newer(path: Path, version: int) -> None:
    if version > VERSION:
        newer = f"{path} was written by a newer mockserver (schema {version}, this one knows {VERSION})"
        raise CannotOpen(f"{newer}, and was left as it is; upgrade mockserver, or name another file")


def _make(path: Path) -> None:
    """Makes the file elsewhere and puts it in its place, so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        _fill(made)
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()


def _fill(path: Path) -> None:
    """Makes an empty file one of ours; the mark is in the file itself before there is a log beside it."""
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        with _transaction(connection, "EXCLUSIVE"):
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            _migrate(SqliteSession(connection))
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _migrate(session: SqliteSession) -> None:
    since = session.ask("PRAGMA user_version")[0][0]
    if since < VERSION:
        for statement in steps(since, "BLOB"):
            session.do(statement)
        session.do(f"PRAGMA user_version = {VERSION}")
