"""What all SQL stores do alike: one transaction for a list of changes, and the questions that are asked."""

from __future__ import annotations

import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from mockserver.stores.store import CannotOpen, Change, Commit, Ref, Standing, Stored

Rows = list[tuple[Any, ...]]
Parameters = Mapping[str, Any]
NONE: Parameters = {}
# A commit that nothing leads to may be about to be led to.
SPARED_SECONDS = 600.0
MOST_GONE = 10_000

LINEAGE = """
WITH RECURSIVE known AS ({each}), line (id, parent) AS (
    SELECT id, parent FROM commits WHERE id IN ({heads})
    UNION
    SELECT older.id, older.parent FROM commits older JOIN line ON older.id = line.parent
    WHERE older.id NOT IN (SELECT value FROM known)
)
SELECT id, commits.parent, body FROM commits JOIN line USING (id)"""
UNREACHED = """
DELETE FROM commits WHERE created < :before AND id NOT IN (
    WITH RECURSIVE reached (id) AS (
        SELECT head FROM worlds UNION SELECT initial FROM worlds UNION SELECT head FROM snapshots
        UNION SELECT id FROM commits WHERE created >= :before
        UNION
        SELECT commits.parent FROM commits JOIN reached USING (id) WHERE commits.parent IS NOT NULL
    )
    SELECT id FROM reached
)"""
STANDINGS = "SELECT name, version, initial FROM worlds WHERE name IN ({names})"
WORLDS = """
SELECT name, version, head, initial, records, source, ttl, used, epoch FROM worlds {chosen} ORDER BY created, name"""
SNAPSHOTS = "SELECT world, name, head, records FROM snapshots {chosen} ORDER BY world, position"
NEW_WORLD = """
INSERT INTO worlds (name, version, head, initial, records, source, ttl, created, used, epoch)
VALUES (:name, :version, :head, :initial, :records, :source, :ttl, :now, :used, :epoch)
ON CONFLICT (name) DO NOTHING"""
MOVE_WORLD = """
UPDATE worlds SET version = :version, head = :head, records = :records, source = :source, used = :used, epoch = :epoch
WHERE name = :name AND version = :was AND initial = :first"""
DELETE_WORLD = "DELETE FROM worlds WHERE name = :name AND version = :was AND initial = :first"


class Session(Protocol):
    """A connection in a transaction: one statement, and what came of it."""

    def ask(self, statement: str, parameters: Parameters = ...) -> Rows: ...

    def do(self, statement: str, parameters: Parameters = ...) -> int:
        """How many rows were concerned."""


class SqlStore(ABC):
    """A store over two connections: one writes, the other one reads."""

    # SELECT … AS value for each text in the JSON list :{name}.
    each: str
    instant: bool

    def __init__(self) -> None:
        self._write_lock, self._read_lock = threading.Lock(), threading.Lock()

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Session]:
        """A context with a Session whose transaction is kept for good at its end."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Session]:
        """A context with a Session that sees one state of the store."""

    @abstractmethod
    def _undone_if_refused(self) -> AbstractContextManager[list[Exception]]:
        """A context within a transaction, and what undid it: Refused, or a reference that leads nowhere."""

    @abstractmethod
    def close(self) -> None: ...

    def apply(self, changes: Sequence[Change]) -> list[bool]:
        taken = [False] * len(changes)
        with self._writing() as session:
            # In one order everywhere, so that no two wait for one another.
            for at in sorted(range(len(changes)), key=lambda at: changes[at].name):
                taken[at] = self._take(session, changes[at])
        return taken

    def _take(self, session: Session, change: Change) -> bool:
        now = time.time()
        with self._undone_if_refused() as undone:
            for commit in change.commits:
                session.do(
                    "INSERT INTO commits (id, parent, body, created) VALUES (:id, :parent, :body, :now)",
                    {**commit._asdict(), "now": now},
                )
            if not _move(session, change, now):
                raise Refused
        return not undone or _was_taken(session, change.id)

    def standings(self, names: Collection[str]) -> dict[str, Standing]:
        asked = STANDINGS.format(names=self._listed("names"))
        with self._reading() as session:
            found = session.ask(asked, {"names": json.dumps(list(names))})
        return {name: Standing(version, initial) for name, version, initial in found}

    def rows(self, names: Collection[str] | None = None) -> list[Stored]:
        listed = self._listed("names")
        chosen = ("", "") if names is None else (f"WHERE name IN ({listed})", f"WHERE world IN ({listed})")
        asked = NONE if names is None else {"names": json.dumps(list(names))}
        with self._reading() as session:
            worlds = session.ask(WORLDS.format(chosen=chosen[0]), asked)
            kept = session.ask(SNAPSHOTS.format(chosen=chosen[1]), asked)
        snapshots: dict[str, dict[str, Ref]] = {}
        for world, name, commit, records in kept:
            snapshots.setdefault(world, {})[name] = Ref(commit, records)
        return [Stored(*each)._replace(snapshots=snapshots.get(each[0], {})) for each in worlds]

    def gone(self, name: str) -> str | None:
        with self._reading() as session:
            found = session.ask("SELECT reason FROM gone WHERE name = :name", {"name": name})
        return found[0][0] if found else None

    def lineage(self, heads: Collection[str], known: Collection[str]) -> list[Commit]:
        asked = LINEAGE.format(each=self.each.format(name="known"), heads=self._listed("heads"))
        with self._reading() as session:
            found = session.ask(asked, {"heads": json.dumps(list(heads)), "known": json.dumps(list(known))})
        return [Commit(id, parent, bytes(body)) for id, parent, body in found]

    def keep(self, commit: Commit) -> None:
        with self._writing() as session:
            session.do(
                "INSERT INTO commits (id, parent, body, created) VALUES (:id, :parent, :body, :now)"
                " ON CONFLICT (id) DO UPDATE SET created = excluded.created",
                {**commit._asdict(), "now": time.time()},
            )

    def make_whole(self, id: str, body: bytes) -> None:
        with self._writing() as session:
            session.do(
                "UPDATE commits SET parent = NULL, body = :body WHERE id = :id AND parent IS NOT NULL",
                {"id": id, "body": body},
            )

    def collect(self) -> int:
        with self._writing() as session:
            session.do(
                "DELETE FROM gone WHERE name IN (SELECT name FROM gone ORDER BY at DESC LIMIT :all OFFSET :most)",
                {"all": 2**31 - 1, "most": MOST_GONE},
            )
            return session.do(UNREACHED, {"before": time.time() - SPARED_SECONDS})

    def touch(self, used: Mapping[str, float]) -> None:
        with self._writing() as session:
            for name in sorted(used):
                session.do(
                    "UPDATE worlds SET used = :used WHERE name = :name AND used < :used",
                    {"name": name, "used": used[name]},
                )

    def next_number(self) -> int:
        with self._writing() as session:
            raised = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'number'"
            session.do(raised)
            return int(session.ask("SELECT value FROM meta WHERE name = 'number'")[0][0])

    def claim(self, contract: str) -> None:
        """Notes what is kept here; CannotOpen when it is something else."""
        with self._writing() as session:
            session.do(
                "INSERT INTO meta (name, value) VALUES ('contract', :contract) ON CONFLICT (name) DO NOTHING",
                {"contract": contract},
            )
            kept = session.ask("SELECT value FROM meta WHERE name = 'contract'")[0][0]
        if kept != contract:
            raise CannotOpen(f"it holds worlds of the contract {kept}, not of {contract}; choose another store")

    def _listed(self, name: str) -> str:
        return self.each.format(name=name)


class Refused(Exception):
    """A change came too late."""


def _move(session: Session, change: Change, now: float) -> bool:
    """Makes the row what it should be; false when it is not what it was."""
    before, after = change.before, change.after
    was = {} if before is None else {"was": before.version, "first": before.initial}
    if after is None:
        if not session.do(DELETE_WORLD, {"name": change.name, **was}):
            return False
        session.do(
            "INSERT INTO gone (name, reason, change, at) VALUES (:name, :reason, :change, :now)"
            " ON CONFLICT (name) DO UPDATE SET reason = :reason, change = :change, at = :now",
            {"name": change.name, "reason": change.reason, "change": change.id, "now": now},
        )
        return True
    row = {**after._asdict(), "now": now, **was}
    del row["snapshots"]
    if not session.do(NEW_WORLD if before is None else MOVE_WORLD, row):
        return False
    if before is None:
        session.do("DELETE FROM gone WHERE name = :name", {"name": change.name})
    if before is None or before.snapshots != after.snapshots:
        _set_snapshots(session, after)
    return True


def _set_snapshots(session: Session, row: Stored) -> None:
    session.do("DELETE FROM snapshots WHERE world = :world", {"world": row.name})
    for position, (name, ref) in enumerate(row.snapshots.items()):
        session.do(
            "INSERT INTO snapshots (world, name, position, head, records)"
            " VALUES (:world, :name, :position, :commit, :records)",
            {"world": row.name, "name": name, "position": position, **ref._asdict()},
        )


def _was_taken(session: Session, id: str) -> bool:
    found = "SELECT 1 FROM commits WHERE id = :id UNION SELECT 1 FROM gone WHERE change = :id"
    return bool(session.ask(found, {"id": id}))
