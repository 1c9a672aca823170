"""Several processes behind one address: they tell one story, are replaced when they die, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.live import PATIENCE
from tests.support.polling import until
from tests.support.processes import SERVE, Process
from tests.unit.http.conftest import Start

Json = Any
TABLE = "/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
COUNT = 3


def workers_of(server: Process) -> list[int]:
    """The processes that a server started, oldest first."""
    pid = server.process.pid
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def describe(server: Process, text: str) -> None:
    """Changes the table, on a connection of its own."""
    patch = [{"op": "add", "path": "/description", "value": text}]
    headers = {**authorization(server), "Content-Type": "application/json-patch+json"}
    answer = httpx2.patch(server.ready["api"] + TABLE, json=patch, headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text


def description(server: Process) -> str:
    answer = server.get(f"/api{TABLE}", **authorization(server))
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["description"]
    return text


def authorization(server: Process) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.ready['tokens']['admin']}"}


@pytest.fixture
def server(start: Start, tmp_path: Path) -> Process:
    return start("--workers", str(COUNT), "--store", f"sqlite:///{tmp_path}/worlds.db", log=tmp_path / "log")


def test_what_one_worker_answered_every_other_one_shows(server: Process) -> None:
    assert len(workers_of(server)) == COUNT
    for number in range(10):
        describe(server, f"change {number}")
        assert {description(server) for _ in range(4)} == {f"change {number}"}


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(server: Process, tmp_path: Path) -> None:
    describe(server, "kept")
    first = workers_of(server)

    os.kill(first[0], signal.SIGKILL)

    until(lambda: len(workers_of(server)) == COUNT and first[0] not in workers_of(server), "another worker is there")
    assert {description(server) for _ in range(3 * COUNT)} == {"kept"}
    said = f"worker 0 (pid {first[0]}) was ended by SIGKILL, and is started again\n"
    assert (tmp_path / "log").read_text() == said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_end_when_the_first_process_is_told_to(server: Process, number: signal.Signals) -> None:
    workers = workers_of(server)

    server.send(number)

    assert server.process.wait(PATIENCE) == 0
    assert not any(alive(pid) for pid in workers)
    assert not server.ready_file.exists()


def test_workers_end_when_the_first_process_is_gone(server: Process) -> None:
    workers = workers_of(server)

    server.send(signal.SIGKILL)

    until(lambda: not any(alive(pid) for pid in workers), "no worker is left")


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--workers", "2"),
            (
                "error: --workers 2 need worlds that they share: say where with --store sqlite:///FILE or"
                " --store postgresql://USER@HOST/DATABASE\n"
            ),
        ),
        (
            ("--workers", "2", "--store", "sqlite:///nowhere/worlds.db"),
            "error: --store sqlite:///nowhere/worlds.db: there is no folder nowhere; create it first\n",
        ),
    ],
)
def test_what_cannot_be_shared_is_said_in_a_line(
    options: tuple[str, ...], said: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    command = [*SERVE, "--port", "0", *options]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_a_port_that_another_server_has_is_not_shared_with_it(server: Process, environment: dict[str, str]) -> None:
    port = server.ready["url"].rpartition(":")[2]
    command = [*SERVE, "--port", port, "--workers", "2", "--store", "sqlite:///worlds.db"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)

    assert done.returncode == 2
    assert "is taken by another program" in done.stderr


def journal(server: Process) -> Json:
    return httpx2.get(f"{server.ready['url']}/__mock__/requests?limit=1000", trust_env=False).json()


def asked_of(server: Process) -> list[int]:
    """The status of each request that the journal has, whichever worker is asked for it."""
    answer = journal(server)
    assert (answer["servers"], answer["silent"]) == (COUNT, 0)
    assert answer["seen"] == answer["kept"] == len(answer["requests"])
    times = [each["timestamp"] for each in answer["requests"]]
    assert times == sorted(times)
    return [each["status"] for each in answer["requests"]]


def test_the_journal_is_that_of_all_workers(server: Process) -> None:
    until(lambda: journal(server).get("servers") == COUNT, "all workers have met")
    for _ in range(4 * COUNT):
        description(server)

    assert [asked_of(server) for _ in range(COUNT)] == [[200] * 4 * COUNT] * COUNT
    filtered = httpx2.get(f"{server.ready['url']}/__mock__/requests?operation=getTable&limit=5", trust_env=False)
    assert len(filtered.json()["requests"]) == 5

    assert httpx2.delete(f"{server.ready['url']}/__mock__/requests", trust_env=False).status_code == 204
    assert [asked_of(server) for _ in range(COUNT)] == [[]] * COUNT
