"""The tables of a store, and how an older store becomes one of this version."""

from __future__ import annotations

# One tuple of statements a version; those that are published are never changed. {blob} is the type of bytes.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)""",
        """CREATE TABLE commits (
            id TEXT PRIMARY KEY,
            parent TEXT REFERENCES commits (id),
            body {blob} NOT NULL,
            created DOUBLE PRECISION NOT NULL
        )""",
        """CREATE INDEX commits_parent ON commits (parent)""",
        """CREATE TABLE worlds (
            name TEXT PRIMARY KEY,
            version BIGINT NOT NULL,
            head TEXT NOT NULL REFERENCES commits (id),
            initial TEXT NOT NULL REFERENCES commits (id),
            records BIGINT NOT NULL,
            source TEXT NOT NULL,
            ttl DOUBLE PRECISION,
            created DOUBLE PRECISION NOT NULL,
            used DOUBLE PRECISION NOT NULL,
            epoch BIGINT NOT NULL
        )""",
        """CREATE INDEX worlds_head ON worlds (head)""",
        """CREATE INDEX worlds_initial ON worlds (initial)""",
        """CREATE TABLE snapshots (
            world TEXT NOT NULL REFERENCES worlds (name) ON DELETE CASCADE,
            name TEXT NOT NULL,
            position BIGINT NOT NULL,
            head TEXT NOT NULL REFERENCES commits (id),
            records BIGINT NOT NULL,
            PRIMARY KEY (world, name)
        )""",
        """CREATE INDEX snapshots_head ON snapshots (head)""",
        """CREATE TABLE gone (
            name TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            change TEXT NOT NULL,
            at DOUBLE PRECISION NOT NULL
        )""",
        """CREATE INDEX gone_change ON gone (change)""",
        """CREATE INDEX gone_at ON gone (at)""",
        """INSERT INTO meta (name, value) VALUES ('number', '0')""",
    ),
    (
        """CREATE TABLE servers (id TEXT PRIMARY KEY, seen DOUBLE PRECISION NOT NULL)""",
        """CREATE TABLE questions (
            id TEXT PRIMARY KEY,
            server TEXT NOT NULL,
            asked TEXT NOT NULL,
            at DOUBLE PRECISION NOT NULL
        )""",
        """CREATE TABLE answers (
            question TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
            server TEXT NOT NULL,
            body {blob} NOT NULL,
            PRIMARY KEY (question, server)
        )""",
    ),
    # Texts in changes may be like those of events, which an older one would not understand.
    (),
)
VERSION = len(MIGRATIONS)


def steps(since: int, blob: str) -> list[str]:
    """The statements that lead from a version to this one."""
    return [statement.format(blob=blob) for version in MIGRATIONS[since:] for statement in version]
