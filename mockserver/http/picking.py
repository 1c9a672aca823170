"""What of a journal somebody wants to see."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from mockserver.world.journal import Entry, Journal

Json = Any
Test = Callable[[Entry, Json], bool]


class Picked(NamedTuple):
    """The entries as JSON, oldest first; how many there were since the journal was empty, and how many are kept.

    `servers` told what they answered, `silent` ones did not.
    """

    requests: list[dict[str, Json]]
    seen: int
    kept: int
    servers: int = 1
    silent: int = 0


def failed(entry: Entry) -> bool:
    """Whether the caller did not get what it asked for."""
    return entry.reply.status >= 400 or entry.reply.drop


TESTS: Mapping[str, Test] = {
    "operation": lambda entry, wanted: entry.operation is not None and fnmatchcase(entry.operation, wanted),
    "method": lambda entry, wanted: entry.call.method == wanted,
    "path": lambda entry, wanted: fnmatchcase(entry.call.path, wanted),
    "status": lambda entry, wanted: fnmatchcase(str(entry.reply.status), wanted.replace("x", "?")),
    "user": lambda entry, wanted: entry.principal == wanted,
    "failed": lambda entry, wanted: failed(entry) is wanted,
    "since": lambda entry, wanted: entry.sequence > wanted,
}


def picked(journal: Journal, wanted: Mapping[str, Json], limit: int) -> Picked:
    """The latest that pass all filters."""
    found = deque(
        (entry for entry in journal if all(TESTS[name](entry, value) for name, value in wanted.items())), maxlen=limit
    )
    return Picked([_described(entry) for entry in found], journal.written, len(journal))


def together(each: list[Picked], limit: int, silent: int) -> Picked:
    """What several servers tell of one world, by the time at which they answered."""
    requests = sorted((entry for told in each for entry in told.requests), key=lambda entry: entry["timestamp"])
    return Picked(
        requests[-limit:], sum(told.seen for told in each), sum(told.kept for told in each), len(each), silent
    )


def _described(entry: Entry) -> dict[str, Json]:
    return {**entry.describe(), "delay": entry.reply.delay, "dropped": entry.reply.drop}
