"""What an orchestrator asks before it sends requests."""

from __future__ import annotations

import subprocess
import sys

import httpx2
import pytest

from mockserver.http.app import App
from mockserver.http.drain import Drain
from mockserver.http.probes import probes
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.http.telemetry import Telemetry
from tests.support.polling import until
from tests.support.postgres import postgres
from tests.support.stores import AwayWorlds, HangingWorlds
from tests.unit.http.conftest import Caller, Start

# An application that was probed, and what was loaded for that.
PROBED = """
import asyncio, sys
from mockserver.http.drain import Drain
from mockserver.http.probes import probes
async def receive(): ...
async def send(message): ...
for page in probes().values():
    asyncio.run(page({"method": "GET", "path": "/", "headers": []}, receive, send))
print(*[name for name in ("starlette", "prometheus_client") if name in sys.modules])
"""


async def agrees() -> str | None:
    return None


async def objects() -> str | None:
    return "the store cannot be reached"


async def objects_too() -> str | None:
    return "the server is about to stop"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_server_that_serves_says_so(sandbox: Sandbox, calling: Caller, path: str) -> None:
    answer = calling(App(sandbox, Settings(pages=probes(agrees)))).get(path)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def test_all_that_keeps_it_from_serving_is_told(sandbox: Sandbox, calling: Caller) -> None:
    http = calling(App(sandbox, Settings(pages=probes(agrees, objects, objects_too))))

    answer = http.get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "the store cannot be reached; the server is about to stop"
    assert http.get("/livez").status_code == 200


def test_a_store_that_is_away_is_told(sandbox: Sandbox, calling: Caller) -> None:
    away = sandbox._replace(worlds=AwayWorlds(sandbox.world.initial))
    http = calling(App(sandbox, Settings(pages=Telemetry(lambda: away, Drain(), None).pages)))

    assert http.get("/readyz").json()["detail"] == "the store cannot be reached: the database is away"
    assert http.get("/livez").status_code == 200


def test_a_store_that_hangs_is_told(sandbox: Sandbox, calling: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.http.telemetry.STORE_SECONDS", 0.01)
    hanging = sandbox._replace(worlds=HangingWorlds(sandbox.world.initial))
    http = calling(App(sandbox, Settings(pages=Telemetry(lambda: hanging, Drain(), None).pages)))

    assert http.get("/readyz").json()["detail"] == "the store has not answered within 0.01 seconds"


def test_a_probe_without_a_body_is_answered_alike(sandbox: Sandbox, calling: Caller) -> None:
    answer = calling(App(sandbox, Settings(pages=probes(objects)))).head("/readyz")

    assert (answer.status_code, answer.content) == (503, b"")


def test_a_probe_is_only_asked(sandbox: Sandbox, calling: Caller) -> None:
    answer = calling(App(sandbox, Settings(pages=probes()))).post("/livez")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_probe_needs_no_token_and_leaves_no_entry(sandbox: Sandbox, calling: Caller) -> None:
    http = calling(App(sandbox, Settings(pages=probes(), control_token="secret")))
    http.headers.pop("Authorization")

    assert http.get("/readyz").status_code == 200
    assert list(sandbox.world.journal) == []


def test_without_probes_their_paths_are_nothing(http: httpx2.Client) -> None:
    assert http.get("/readyz").status_code == 404


def test_a_probe_loads_nothing(sandbox: Sandbox) -> None:
    done = subprocess.run([sys.executable, "-c", PROBED], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_a_database_that_goes_and_comes_back_is_followed(start: Start) -> None:
    with postgres() as cluster:
        server = start("--store", cluster.fresh())
        before = server.get("/readyz")
        cluster.stop()
        away, alive = server.get("/readyz"), server.get("/livez")
        cluster.start()
        until(lambda: server.get("/readyz").status_code == 200, "it is ready again")

    assert (before.status_code, away.status_code, alive.status_code) == (200, 503, 200)
    assert "the store" in away.json()["detail"]
