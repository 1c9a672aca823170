"""The file: made whole, left alone when it is not ours, and clear about what is wrong with it."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mockserver.exchange import Problem
from mockserver.stores import schema, sqlite
from mockserver.stores.opening import open_store
from mockserver.stores.sqlite import SqliteStore
from mockserver.stores.store import CannotOpen, Change, Commit, Stored

PAGE = 4096


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")


def newer(path: Path) -> None:
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")


def no_database(path: Path) -> None:
    path.write_text("dear diary")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (foreign, "is no file of mockserver's, and was left as it is"),
        (no_database, "is no file of mockserver's"),
        (newer, "was written by a newer mockserver .schema 99, this one knows 3., and was left as it is"),
    ],
)
def test_a_file_that_is_not_for_us_is_left_as_it_is(make: object, said: str, tmp_path: Path) -> None:
    assert callable(make)
    path = tmp_path / "file.db"
    make(path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    with pytest.raises(CannotOpen, match=said):
        SqliteStore(path)

    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_version_that_stands_in_the_log_only_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
        before = path.read_bytes()
        assert b"\x63" not in before[60:64], "the new version is in the log"

        with pytest.raises(CannotOpen, match="newer mockserver"):
            SqliteStore(path)
        assert path.read_bytes() == before


def test_an_older_file_becomes_one_of_this_version_and_keeps_its_worlds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.db"
    row = Stored("default", 1, "a", "a", 0, "fixtures", None, 1.0)
    with closing(SqliteStore(path)) as store:
        store.apply([Change("a", None, row, (Commit("a", None, b"whole"),))])
    added = ("ALTER TABLE meta ADD COLUMN since {blob}", "CREATE TABLE more (name TEXT)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, added))
    monkeypatch.setattr(sqlite, "VERSION", schema.VERSION + 1)

    with closing(SqliteStore(path)) as store:
        assert store.rows() == [row]
    with closing(SqliteStore(path)), closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM more").fetchone() == (0,)
        assert other.execute("PRAGMA user_version").fetchone() == (schema.VERSION + 1,)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    path.touch()

    SqliteStore(path).close()
    SqliteStore(path).close()

    assert path.stat().st_size > 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=r"there is no folder .*/nowhere; create it first"):
        SqliteStore(tmp_path / "nowhere" / "file.db")


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be used: File name too long"):
        SqliteStore(tmp_path / ("x" * 300))


def test_what_is_no_file_on_a_disk_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(CannotOpen, match="/pipe is no file that worlds can be kept in; name another one"):
        SqliteStore(tmp_path / "pipe")


def test_worlds_in_memory_are_not_kept_by_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CannotOpen, match=":memory: is no file; worlds in memory are kept by --store memory"):
        SqliteStore(Path(":memory:"))

    assert list(tmp_path.iterdir()) == []


def test_a_file_with_a_hole_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    SqliteStore(path).close()
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (path.stat().st_size - PAGE))

    with pytest.raises(CannotOpen, match=r"cannot be used now, and nothing was changed: .* malformed"):
        open_store(f"sqlite:///{path}", "shop")


def test_a_file_that_there_is_no_room_for_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--store", f"sqlite:///{path}"]
    small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (PAGE, PAGE))

    ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=small)

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: --store sqlite:///{path}: {path} cannot be used now, and nothing was ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="is a folder; name a file in it"):
        SqliteStore(tmp_path)


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "file.db").close()

    assert [each.name for each in tmp_path.iterdir()] == ["file.db"]


def test_a_store_that_is_full_says_so_keeps_what_it_has_and_recovers(tmp_path: Path) -> None:
    row = Stored("default", 1, "a", "a", 0, "fixtures", None, 1.0)
    big = Commit("a", None, b"x" * 1_000_000)
    with closing(SqliteStore(tmp_path / "file.db")) as store:
        pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
        store._writer.execute(f"PRAGMA max_page_count = {pages + 2}")

        with pytest.raises(Problem, match=r"there is no room left where .* nothing was changed; make room") as caught:
            store.apply([Change("a", None, row, (big,))])
        assert (caught.value.status, caught.value.headers) == (507, (("Retry-After", "1"),))
        assert store.rows() == []

        store._writer.execute("PRAGMA max_page_count = 1000000")
        assert store.apply([Change("a", None, row, (big,))]) == [True]


def test_a_file_that_others_write_to_for_too_long_is_a_clear_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.db"
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Problem, match="is being written to by others for too long, and nothing was changed"):
            store.next_number()
        assert store.rows() == []

        other.execute("COMMIT")
        assert store.next_number() == 1
