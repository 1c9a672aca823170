"""Servers that share a PostgreSQL are one for clients of all of them, and while one of them, or it, is killed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.stores.load import Load
from tests.stores.wholeness import halves
from tests.stores.witness import Witness, seeds, state_of
from tests.support.nursery import Nursery, Server
from tests.support.polling import until
from tests.support.postgres import Postgres
from tests.support.postgres import postgres as cluster
from tests.support.tables import TABLE, TableClient

Json = Any
REPLICAS, FOLLOWERS, WRITERS, TURNS = 3, 300, 12, 3000


@pytest.fixture(scope="module")
def own() -> Iterator[Postgres]:
    """A database to be killed, apart from that of the other tests."""
    with cluster() as running:
        yield running


@contextmanager
def replicas(cradle: Nursery, folder: Path, url: str, servers: int = REPLICAS) -> Iterator[list[Server]]:
    """Servers over one database, all started at the same time."""
    made = []
    for number in range(servers):
        home = folder / f"replica-{number}"
        home.mkdir()
        made.append(Server(cradle, home, "--store", url))
    with ExitStack() as stack:
        for server in made:
            stack.callback(server.kill)
            server.launch()
        for server in made:
            server.wait()
        yield made


def callers(servers: list[Server]) -> Callable[[int], TableClient]:
    """Makes clients who go round all servers, each from another one on."""

    def client(number: int) -> TableClient:
        at = number % len(servers)
        return TableClient([server.url for server in (*servers[at:], *servers[:at])], servers[0].token)

    return client


def test_servers_that_start_at_once_on_an_empty_database_make_one_store(
    cradle: Nursery, tmp_path: Path, database: str
) -> None:
    with replicas(cradle, tmp_path, database) as servers:
        states = [state_of(server.url) for server in servers]

    assert [halves(seeds(), state) for state in states] == [[]] * REPLICAS
    assert states[0] == states[1] == states[2]


def test_writers_at_full_speed_on_all_servers_are_never_refused(cradle: Nursery, tmp_path: Path, database: str) -> None:
    with replicas(cradle, tmp_path, database) as servers:
        client = callers(servers)

        def follow(number: int) -> list[str]:
            """Makes users, each of whom follows the table."""
            mine, made = client(number), []
            for at in range(FOLLOWERS // WRITERS):
                made.append(mine.create_user(f"u.{number}.{at}"))
                mine.follow(made[-1])
            mine.close()
            return made

        with ThreadPoolExecutor(WRITERS) as pool:
            users = [user for made in pool.map(follow, range(WRITERS)) for user in made]

        for server in servers:
            state = state_of(server.url)
            (table,) = (record for record in state["records"] if record["id"] == TABLE)
            assert sorted(table["links"]["followers"]) == sorted(users)
            assert halves(seeds(), state) == []
            assert state["nextEvent"] == FOLLOWERS * 2
        assert len(set(users)) == FOLLOWERS


def test_who_writes_all_the_time_leaves_others_their_turn(cradle: Nursery, tmp_path: Path, database: str) -> None:
    """Nobody is refused, nothing is lost, and no server gets less than a third of an even share."""
    with replicas(cradle, tmp_path, database, servers=2) as servers:
        client = [TableClient([server.url], servers[0].token) for server in servers for _ in range(WRITERS // 2)]
        made, done = [0] * WRITERS, Event()

        def write(number: int) -> None:
            while not done.is_set():
                client[number].create_user(f"u.{number}.{made[number]}")
                made[number] += 1
                if sum(made) >= TURNS:
                    done.set()
            client[number].close()

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write, range(WRITERS)))

        for server in servers:
            assert state_of(server.url)["nextEvent"] == sum(made)
        halves_made = sum(made[: WRITERS // 2]), sum(made[WRITERS // 2 :])
        assert min(halves_made) > sum(made) / 6


def test_a_server_that_is_killed_takes_nothing_with_it(cradle: Nursery, tmp_path: Path, database: str) -> None:
    with replicas(cradle, tmp_path, database) as servers:
        witness = Witness()
        for number in range(REPLICAS):
            with Load(callers(servers), f"replica {number}", lasting=True) as load:
                load.until_answered(40)
                servers[number].kill()
                load.until_answered(20)
                servers[number].start()
                load.until_answered(20)
            witness.hear(load)
            for server in servers:
                witness.look(server.url)


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGKILL, signal.SIGINT], ids=lambda number: number.name)
def test_a_database_that_is_killed_takes_nothing_with_it(
    cradle: Nursery, tmp_path: Path, own: Postgres, number: signal.Signals
) -> None:
    with own.empty() as url, replicas(cradle, tmp_path, url) as servers:
        witness = Witness()
        for round in range(2):
            with Load(callers(servers), f"{number.name} {round}", lasting=True) as load:
                load.until_answered(40)
                own.restart(number)
                load.until_answered(40)
            witness.hear(load)
            for server in servers:
                witness.look(server.url)


def test_a_database_that_stays_away_is_told_and_found_again(cradle: Nursery, tmp_path: Path, own: Postgres) -> None:
    with own.empty() as url, replicas(cradle, tmp_path, url) as servers:
        witness, client = Witness(), callers(servers)
        with Load(client, "away", lasting=True) as load:
            load.until_answered(20)
            own.stop(signal.SIGKILL)
            until(lambda: load.refused >= 4, "requests are refused")
            own.start()
            load.until_answered(20)
        witness.hear(load)
        for server in servers:
            witness.look(server.url)
