"""What Prometheus reads, read as Prometheus' own client reads it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from math import isnan
from pathlib import Path

import httpx2
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parsed_text
from prometheus_client.samples import Sample

from mockserver.exchange import Call, Reply
from mockserver.http.app import App
from mockserver.http.drain import Drain
from mockserver.http.measured import CALLS, REST, measured
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.http.telemetry import Telemetry
from mockserver.stores.opening import open_store
from mockserver.stores.store import Change, Commit, Store, Stored
from mockserver.world.faults import Fault
from tests.support.polling import until
from tests.support.stores import AwayWorlds
from tests.unit.http.conftest import Caller, Start
from tests.unit.http.test_workers import workers_of

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}
# The command line where the extra is not installed.
WITHOUT = "import sys; sys.modules['prometheus_client'] = None; from mockserver.cli import main; main()"
# Whether it is loaded before and after somebody wants it.
UNWANTED = """
import sys
from mockserver.http.drain import Drain
from mockserver.http.telemetry import Telemetry
for wanted in (False, True):
    Telemetry(lambda: None, Drain(), None, metrics=wanted)
    print([name in sys.modules for name in ("prometheus_client", "mockserver.http.trace")])
"""

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def telemetry(sandbox: Sandbox) -> Telemetry:
    return Telemetry(lambda: sandbox, Drain(), None, metrics=True)


@pytest.fixture
def http(sandbox: Sandbox, telemetry: Telemetry, calling: Caller) -> httpx2.Client:
    """A caller of an application with metrics and nothing else."""
    return calling(App(sandbox, Settings(log=telemetry.log, pages=telemetry.pages)))


def by_labels(samples: list[Sample]) -> Samples:
    """The values, by name and by what the labels say in their alphabetical order."""
    return {(each.name, tuple(each.labels[name] for name in sorted(each.labels))): each.value for each in samples}


def read(answer: httpx2.Response) -> Samples:
    answer.raise_for_status()
    return by_labels([sample for family in parsed_text(answer.text) for sample in family.samples])


def test_requests_are_counted_by_operation_and_status(http: httpx2.Client) -> None:
    for _ in range(3):
        http.get(TABLE)
    http.get("/api/v1/tables/name/nothing")
    http.put(f"{TABLE}/followers", json=ADMIN)
    http.get("/api/v1/nowhere")

    found = read(http.get("/metrics"))

    counted = {labels: value for (name, labels), value in found.items() if name == "mockserver_requests_total"}
    assert counted == {
        ("getTable", "200"): 3,
        ("getTableByName", "404"): 1,
        ("addTableFollower", "200"): 1,
        ("none", "404"): 1,
    }


def test_a_dropped_request_is_counted_as_one(sandbox: Sandbox, http: httpx2.Client) -> None:
    sandbox.world.add_fault(Fault(0, drop=True))
    with pytest.raises(httpx2.RemoteProtocolError):
        http.get(TABLE)

    assert read(http.get("/metrics"))["mockserver_requests_total", ("getTable", "dropped")] == 1


def test_the_time_they_took_is_told(telemetry: Telemetry, http: httpx2.Client) -> None:
    assert telemetry.log is not None
    for seconds in (0.25, 0.0002, 60.0):
        telemetry.log(Call("GET", TABLE), Reply(200), seconds)

    found = read(http.get("/metrics"))

    name = "mockserver_request_seconds"
    buckets = {labels[0]: value for (each, labels), value in found.items() if each == f"{name}_bucket"}
    assert found[f"{name}_sum", ("getTable",)] == pytest.approx(60.2502)
    assert [buckets[edge] for edge in ("0.0001", "0.00025", "0.1", "0.25", "10.0", "+Inf")] == [0, 1, 1, 2, 2, 3]


def test_pages_and_probes_are_not_counted(http: httpx2.Client) -> None:
    for path in ("/", "/__mock__/health", "/readyz", "/metrics"):
        http.get(path)

    assert not [name for name, _ in read(http.get("/metrics")) if name.startswith("mockserver_request")]


def test_worlds_and_records_are_counted(sandbox: Sandbox, http: httpx2.Client) -> None:
    before = read(http.get("/metrics"))
    http.put("/api/v1/teams", json={"name": "New", "teamType": "Group"}).raise_for_status()
    after = read(http.get("/metrics"))

    assert before["mockserver_worlds", ()] == after["mockserver_worlds", ()] == 1
    assert after["mockserver_records", ()] == before["mockserver_records", ()] + 1 == len(sandbox.world.root.records)


def test_what_a_store_cannot_tell_is_no_number(sandbox: Sandbox, calling: Caller) -> None:
    away = sandbox._replace(worlds=AwayWorlds(sandbox.world.initial))
    telemetry = Telemetry(lambda: away, Drain(), None, metrics=True)
    found = read(calling(App(sandbox, Settings(pages=telemetry.pages))).get("/metrics"))

    assert isnan(found["mockserver_worlds", ()])
    assert isnan(found["mockserver_records", ()])


def test_the_process_tells_of_itself(http: httpx2.Client) -> None:
    found = read(http.get("/metrics"))

    assert found["process_resident_memory_bytes", ()] > 0
    assert found["mockserver_build_info", ("0.1.0",)] == 1


def test_who_wants_openmetrics_gets_it(http: httpx2.Client) -> None:
    http.get(TABLE)
    answer = http.get("/metrics", headers=OPENMETRICS)

    families = parsed_openmetrics(answer.text)  # type: ignore[no-untyped-call]
    found = by_labels([sample for family in families for sample in family.samples])

    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert found["mockserver_requests_total", ("getTable", "200")] == 1


def test_a_server_answers_prometheus_when_it_is_told_to(start: Start) -> None:
    told, silent = start("--metrics", "--log-format", "json"), start()
    told.get("/api/v1/system/version")

    assert read(told.get("/metrics"))["mockserver_requests_total", ("getSystemVersion", "200")] == 1
    assert silent.get("/metrics").status_code == 404


def test_without_the_extra_it_is_said_what_is_missing(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", WITHOUT, "serve", "--port", "0", "--metrics"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == (
        "error: --metrics needs prometheus-client; install it with: pip install 'mockserver[metrics]'\n"
    )


def test_it_is_loaded_only_when_it_is_wanted() -> None:
    done = subprocess.run([sys.executable, "-c", UNWANTED], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["[False, False]", "[True, False]"]


def test_what_a_store_does_is_told(start: Start, tmp_path: Path) -> None:
    server = start("--metrics", "--no-auth", "--store", f"sqlite:///{tmp_path / 'worlds.db'}")
    httpx2.put(f"{server.ready['url']}{TABLE}/followers", json=ADMIN, trust_env=False).raise_for_status()

    found = read(server.get("/metrics"))

    assert found["mockserver_store_seconds_count", ("apply",)] >= 2
    assert found["mockserver_store_seconds_sum", ("apply",)] > 0
    assert found["mockserver_store_conflicts_total", ()] == 0


def test_workers_tell_what_all_of_them_have_counted(start: Start, tmp_path: Path) -> None:
    server = start("--metrics", "--workers", "3", "--store", f"sqlite:///{tmp_path / 'worlds.db'}")
    for _ in range(30):
        server.get("/api/v1/system/version")

    told = [read(server.get("/metrics")) for _ in range(10)]

    assert {each["mockserver_requests_total", ("getSystemVersion", "200")] for each in told} == {30}
    assert {each["mockserver_worlds", ()] for each in told} == {1}

    dead = workers_of(server)[0]
    os.kill(dead, signal.SIGKILL)
    until(lambda: len(workers_of(server)) == 3 and dead not in workers_of(server), "the worker is replaced")
    assert read(server.get("/metrics"))["mockserver_requests_total", ("getSystemVersion", "200")] == 30


def test_changes_that_came_too_late_are_counted(tmp_path: Path) -> None:
    noted: list[tuple[str, int]] = []
    row = Stored("w", 1, "head", "head", 0, "fixtures", None, 0.0)
    with closing(open_store(f"sqlite:///{tmp_path / 'worlds.db'}", "openmetadata")) as store:
        watched = measured(store, lambda call, seconds, late: noted.append((call, late)))
        kept = watched.apply([Change("a", None, row, (Commit("head", None, b""),)), Change("b", None, row)])

    assert kept == [True, False]
    assert noted == [("apply", 1)]


def test_every_call_of_a_store_is_measured() -> None:
    declared = {name for name in vars(Store) if not name.startswith("_")} | set(Store.__annotations__)

    assert declared == {*CALLS, *REST, "note"}
