"""What is asked of PostgreSQL in one go each: where worlds stand, what is new of one, a change, and a turn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from mockserver.stores import statements as sql
from mockserver.stores.sql import Rows
from mockserver.stores.store import Change, Commit, News, Ref, Standing, Stored

T = TypeVar("T")

BEGIN, COMMIT, ROLLBACK = b"BEGIN", b"COMMIT", b"ROLLBACK"
STANDINGS = b"SELECT name, version, initial FROM worlds WHERE name = ANY (CAST($1 AS text[]))"
QUESTIONS = sql.QUESTIONS.replace(":server", "$1").encode()
LOCK = b"SELECT 1 FROM worlds WHERE name = $1 FOR NO KEY UPDATE"
# The row, with every commit that its head follows from and that is not known.
NEWS = b"""
WITH RECURSIVE line (id, parent, body) AS (
    SELECT commits.id, commits.parent, commits.body FROM worlds JOIN commits ON commits.id = worlds.head
    WHERE worlds.name = $1 AND commits.id <> ALL (CAST($2 AS text[]))
    UNION ALL
    SELECT older.id, older.parent, older.body FROM line JOIN commits older ON older.id = line.parent
    WHERE older.id <> ALL (CAST($2 AS text[]))
)
SELECT version, head, initial, records, source, ttl, used, epoch, (
    SELECT json_agg(json_build_array(snapshots.name, snapshots.head, snapshots.records) ORDER BY position)
    FROM snapshots WHERE world = $1
), line.id, line.parent, line.body
FROM worlds LEFT JOIN line ON true WHERE worlds.name = $1"""
# A row that others hold is about to be another one, and is not waited for.
MOVE = b"""
WITH free AS (
    SELECT name FROM worlds WHERE name = $1 AND version = $2 AND initial = $3 FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE worlds SET version = $4, head = $5, records = $6, source = $7, used = $8, epoch = $9
    FROM free WHERE worlds.name = free.name RETURNING head
), made AS (
    INSERT INTO commits (id, parent, body, created)
    SELECT head, CAST($10 AS text), CAST($11 AS bytea), CAST($12 AS double precision) FROM moved
)
SELECT 1 FROM moved"""


class Trip(NamedTuple, Generic[T]):
    """Statements, each with its parameters, that are one transaction or a part of one.

    `call` is what of a store it stands for; `read` makes sense of the rows.
    """

    call: str
    asked: tuple[tuple[Any, ...], ...]
    read: Callable[[list[Rows]], T]


def standings(names: Collection[str]) -> Trip[dict[str, Standing]]:
    """Where these worlds stand."""
    return Trip("standings", ((STANDINGS, _array(names)),), _standings)


def questions(server: str) -> Trip[list[tuple[str, str]]]:
    """What other servers ask, and this one has not answered yet: id and text."""
    return Trip("questions", ((QUESTIONS, server),), _questions)


def news(name: str, known: Collection[str]) -> Trip[News | None]:
    """A world's row, and the commits that lead to it from known ones; None where there is no world."""
    return Trip("rows", ((NEWS, name, _array(known)),), lambda found: _news(name, found[-1]))


def apply(changes: Sequence[Change]) -> Trip[list[bool]]:
    """Keeps those plain changes that do not come too late, all together."""
    order = sorted(range(len(changes)), key=lambda at: changes[at].name)

    def taken(found: list[Rows]) -> list[bool]:
        outcome = [False] * len(changes)
        for at, rows in zip(order, found, strict=True):
            outcome[at] = bool(rows)
        return outcome

    return Trip("apply", tuple(_move(changes[at]) for at in order), taken)


def begin_turn(name: str, known: Collection[str]) -> Trip[News | None]:
    """Waits until nobody else can change a world, and tells what is new of it then."""
    asked = ((BEGIN,), (LOCK, name), (NEWS, name, _array(known)))
    return Trip("turn", asked, lambda found: _news(name, found[-1]))


def end_turn(change: Change) -> Trip[list[bool]]:
    """Keeps what was made of a turn, and lets others go on."""
    return Trip("apply", (_move(change), (COMMIT,)), lambda found: [bool(found[0])])


def leave_turn() -> Trip[None]:
    """Lets others go on."""
    return Trip("leave", ((ROLLBACK,),), lambda found: None)


def is_plain(change: Change) -> bool:
    """Whether it moves a world on by one commit, and nothing else."""
    before, after = change.before, change.after
    if before is None or after is None or len(change.commits) != 1:
        return False
    return before.snapshots == after.snapshots


def _move(change: Change) -> tuple[Any, ...]:
    before, after, commit = change.before, change.after, change.commits[0]
    assert before is not None
    assert after is not None
    row = (after.version, after.head, after.records, after.source, after.used, after.epoch)
    return (MOVE, change.name, before.version, before.initial, *row, commit.parent, commit.body, time.time())


def _array(texts: Collection[str]) -> str:
    """As PostgreSQL writes a list; neither names nor ids hold anything that would have to be escaped."""
    return "{" + ",".join(f'"{text}"' for text in texts) + "}"


def _standings(found: list[Rows]) -> dict[str, Standing]:
    return {name.decode(): Standing(int(version), initial.decode()) for name, version, initial in found[0]}


def _questions(found: list[Rows]) -> list[tuple[str, str]]:
    return [(id.decode(), asked.decode()) for id, asked in found[0]]


def _news(name: str, rows: Rows) -> News | None:
    if not rows:
        return None
    version, head, initial, records, source, ttl, used, epoch, kept, *_ = rows[0]
    row = Stored(
        *(name, int(version), head.decode(), initial.decode(), int(records), source.decode()),
        *(None if ttl is None else float(ttl), float(used), int(epoch)),
        {each: Ref(commit, count) for each, commit, count in json.loads(kept or b"[]")},
    )
    made = [(id, parent, body) for *_, id, parent, body in rows if id is not None]
    return News(row, tuple(Commit(id.decode(), parent and parent.decode(), _bytes(body)) for id, parent, body in made))


def _bytes(written: bytes) -> bytes:
    """As PostgreSQL writes bytes: by two digits each, behind a mark."""
    return bytes.fromhex(written[2:].decode())
