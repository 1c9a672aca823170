"""Knows what clients of a server were answered, and holds the state that is found later to it."""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import Any

import httpx2
import orjson

from mockserver.world.transfer import export_state
from tests.conversations.known import KNOWN
from tests.stores.histories import contradiction
from tests.stores.kept import PROFILE
from tests.stores.load import Load
from tests.stores.wholeness import halves
from tests.support.engines import seeds_of
from tests.support.linear import Operation
from tests.support.tables import Seen

Json = Any


@cache
def seeds() -> Json:
    """The state that a server starts from."""
    return orjson.loads(orjson.dumps(export_state(seeds_of(PROFILE))))


def state_of(url: str) -> Json:
    """The state of the default world of a server."""
    return httpx2.get(f"{url}/__mock__/state", trust_env=False).json()


class Witness:
    """Knows what clients were answered since the last look, and holds a server to it."""

    def __init__(self) -> None:
        self._table = seen(seeds())
        self._tables: set[str] = set()
        self._load: Load | None = None

    def hear(self, load: Load) -> None:
        self._load = load

    def look(self, url: str) -> None:
        state = state_of(url)
        assert halves(seeds(), state) == []
        table, tables = seen(state), made(state)
        start = monotonic()
        history = [Operation(("read", ""), table, start, monotonic())]
        certain, possible = set(self._tables), set(self._tables)
        if self._load is not None:
            history += self._load.history
            certain.update(self._load.made)
            possible.update(self._load.made, self._load.tried)
        assert contradiction(history, self._table) is None
        assert certain <= tables <= possible
        self._table, self._tables, self._load = table, tables, None


def seen(state: Json) -> Seen:
    """What a client would see of the table."""
    (record,) = (each for each in state["records"] if each["id"] == KNOWN["table"])
    data = record["data"]
    return Seen(data["version"], data["description"], frozenset(record["links"].get("followers", ())))


def made(state: Json) -> set[str]:
    """The tables that a load made."""
    names = {each["data"]["name"] for each in state["records"]}
    return {name for name in names if name.startswith("t.")}
