"""A server over a file is killed again and again while it writes: what was answered is there, and nothing half."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from tests.stores.load import Load
from tests.stores.witness import Witness
from tests.support.nursery import Nursery, Server
from tests.support.tables import TableClient

Json = Any
CAREERS, KILLS = 8, 25
# How many are killed while they start, how long a start takes at most, and how long a request.
AT_ONCE, LAUNCH_SECONDS, REQUEST_SECONDS = 0.2, 0.2, 0.005


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


def sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        (told,) = connection.execute("PRAGMA integrity_check").fetchone()
        return told == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone() is None
