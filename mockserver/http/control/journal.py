"""The requests that came, and why those that failed did."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from mockserver.contract.model import Contract
from mockserver.exchange import Reply
from mockserver.http.control.asking import Asked, Reader, answered, done, whole_number, yes_or_no
from mockserver.http.control.operations import known_operation
from mockserver.http.worlds import Worlds
from mockserver.world.journal import Entry

Json = Any
Test = Callable[[Entry, Json], bool]

STATUS = re.compile(r"[1-5](\d\d|xx)")
MOST_LISTED = 10_000
DEFAULT_LISTED = 100


def status(text: str) -> str:
    if not STATUS.fullmatch(text):
        raise ValueError("a status such as 404 or 4xx")
    return text


def failed(entry: Entry) -> bool:
    """Whether the caller did not get what it asked for."""
    return entry.reply.status >= 400 or entry.reply.drop


READERS: Mapping[str, Reader] = {
    "operation": str,
    "method": str.upper,
    "path": str,
    "status": status,
    "user": str,
    "failed": yes_or_no,
    "since": whole_number(0, 10**18),
    "limit": whole_number(1, MOST_LISTED),
}
TESTS: Mapping[str, Test] = {
    "operation": lambda entry, wanted: entry.operation is not None and fnmatchcase(entry.operation, wanted),
    "method": lambda entry, wanted: entry.call.method == wanted,
    "path": lambda entry, wanted: fnmatchcase(entry.call.path, wanted),
    "status": lambda entry, wanted: fnmatchcase(str(entry.reply.status), wanted.replace("x", "?")),
    "user": lambda entry, wanted: entry.principal == wanted,
    "failed": lambda entry, wanted: failed(entry) is wanted,
    "since": lambda entry, wanted: entry.sequence > wanted,
}


class JournalDesk:
    """Lists what came, by filters, and forgets it."""

    def __init__(self, contract: Contract, worlds: Worlds) -> None:
        self._contract = contract
        self._worlds = worlds

    async def listed(self, asked: Asked) -> Reply:
        """The latest that pass all filters, oldest first."""
        wanted = asked.query(READERS)
        if "operation" in wanted:
            known_operation(self._contract, wanted["operation"], "query operation")
        limit = wanted.pop("limit", DEFAULT_LISTED)
        journal = await self._worlds.look(asked.world, lambda world: world.journal)
        found = deque(
            (entry for entry in journal if all(TESTS[name](entry, value) for name, value in wanted.items())),
            maxlen=limit,
        )
        return answered(
            {"requests": [described(entry) for entry in found], "seen": journal.written, "kept": len(journal)}
        )

    async def clear(self, asked: Asked) -> Reply:
        await self._worlds.change(asked.world, lambda world: world.forget_requests())
        return done()


def described(entry: Entry) -> dict[str, Json]:
    return {**entry.describe(), "delay": entry.reply.delay, "dropped": entry.reply.drop}
