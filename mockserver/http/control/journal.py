"""The requests that came, and why those that failed did."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockserver.contract.model import Contract
from mockserver.exchange import Reply
from mockserver.http.control.asking import Asked, Reader, answered, done, whole_number, yes_or_no
from mockserver.http.control.operations import known_operation
from mockserver.http.worlds import Worlds

STATUS = re.compile(r"[1-5](\d\d|xx)")
MOST_LISTED = 10_000
DEFAULT_LISTED = 100


def status(text: str) -> str:
    if not STATUS.fullmatch(text):
        raise ValueError("a status such as 404 or 4xx")
    return text


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
        found = await self._worlds.requests(asked.world, wanted, limit)
        told = {"requests": found.requests, "seen": found.seen, "kept": found.kept}
        alone = found.servers + found.silent == 1
        return answered(told if alone else {**told, "servers": found.servers, "silent": found.silent})

    async def clear(self, asked: Asked) -> Reply:
        await self._worlds.change(asked.world, lambda world: world.forget_requests())
        return done()
