"""A server over a file is killed again and again while it writes: what was answered is there, and nothing half."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import Any

import httpx2
import orjson
import pytest

from mockserver.world.transfer import export_state
from tests.conversations.known import KNOWN
from tests.stores.histories import contradiction
from tests.stores.kept import PROFILE
from tests.stores.load import Load
from tests.stores.wholeness import halves
from tests.support.engines import seeds_of
from tests.support.linear import Operation
from tests.support.nursery import Nursery, Server, nursery
from tests.support.tables import Seen, TableClient

Json = Any
CAREERS, KILLS = 8, 25
# How many are killed while they start, how long a start takes at most, and how long a request.
AT_ONCE, LAUNCH_SECONDS, REQUEST_SECONDS = 0.2, 0.2, 0.005


@pytest.fixture(scope="module")
def cradle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery({**os.environ, "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}) as made:
        yield made


@cache
def seeds() -> Json:
    return orjson.loads(orjson.dumps(export_state(seeds_of(PROFILE))))


@pytest.mark.parametrize("career", range(CAREERS))
def test_what_was_answered_outlives_every_kill(career: int, cradle: Nursery, tmp_path: Path) -> None:
    chance, pause = Random(career), Event()
    file = tmp_path / "worlds.db"
    server = Server(cradle, tmp_path, "--store", f"sqlite:///{file}")
    witness = Witness()

    for number in range(KILLS):
        if chance.random() < AT_ONCE:
            server.launch()
            pause.wait(chance.uniform(0, LAUNCH_SECONDS))
            server.kill()
            continue
        server.start()
        witness.look(server.url)
        assert sound(file)
        with Load(lambda _: TableClient([server.url], server.token), f"{career}.{number}") as load:
            load.until_answered(chance.randrange(1, 60))
            pause.wait(chance.uniform(0, REQUEST_SECONDS))
            server.kill()
        witness.hear(load)

    server.start()
    witness.look(server.url)
    assert sound(file)
    server.kill()


class Witness:
    """Knows what clients were answered since the last look, and holds a server to it."""

    def __init__(self) -> None:
        self._table = seen(seeds())
        self._tables: set[str] = set()
        self._load: Load | None = None

    def hear(self, load: Load) -> None:
        self._load = load

    def look(self, url: str) -> None:
        state = httpx2.get(f"{url}/__mock__/state", trust_env=False).json()
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


def sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        (told,) = connection.execute("PRAGMA integrity_check").fetchone()
        return told == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone() is None
