"""Builds the wheel, installs it alone, and uses it from a folder that has nothing to do with the project."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mockserver.bundled import contract_names, fixture_names
from mockserver.contract.load import load_contract
from tests.clients import facts
from tests.project.tree import ROOT, files

Json = Any
PATIENCE = 60.0
BOUND_ELSEWHERE = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "MOCKSERVER_CONTROL_TOKEN")


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own."""

    wheel: Path
    environment: Path
    folder: Path
    state: Path

    @property
    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in BOUND_ELSEWHERE}
        return {**kept, "XDG_STATE_HOME": str(self.state)}

    def tool(self, name: str) -> str:
        return str(self.environment / "bin" / name)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.tool(command[0]), *command[1:]],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def said(self, *command: str) -> str:
        """What a command prints that must succeed."""
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told(self, expression: str) -> Json:
        """What an expression is worth there; `mockserver.bundled` is imported."""
        return json.loads(
            self.said("python", "-c", f"import json, mockserver.bundled as b; print(json.dumps({expression}))")
        )

    @contextmanager
    def serving(self, *options: str) -> Iterator[dict[str, Json]]:
        """What the ready file says of a server that runs meanwhile."""
        ready, log = self.state / f"ready-{os.getpid()}.json", self.state / f"log-{os.getpid()}.txt"
        ready.unlink(missing_ok=True)
        command = [self.tool("mockserver"), "serve", "--port", "0", "--ready-file", str(ready), *options]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.variables, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            _await(process, ready, log)
            yield json.loads(ready.read_text())
        finally:
            process.terminate()
            code = process.wait(PATIENCE)
        assert code == 0, log.read_text()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The installation, made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    # Workers have folders of their own in the folder of the run.
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            _install(home)
            (home / "done").touch()
    [wheel] = (home / "dist").glob("*.whl")
    return Installed(wheel, home / "environment", home / "folder", home / "state")


def test_the_wheel_holds_the_package_the_contracts_and_the_fixtures(installed: Installed) -> None:
    names = {name for name in zipfile.ZipFile(installed.wheel).namelist() if ".dist-info/" not in name}
    package = {file.relative_to(ROOT).as_posix() for file in files("mockserver")}
    data = {f"mockserver/_data/{file.relative_to(ROOT).as_posix()}" for file in files("contracts", "fixtures")}

    assert names == package | data


def test_it_is_installed_alone(installed: Installed) -> None:
    names = ["pytest", "schemathesis", "httpx2", "tests", "bench"]

    assert installed.told(f"[n for n in {names} if __import__('importlib.util').util.find_spec(n)]") == []


def test_contracts_and_fixtures_come_from_the_wheel(installed: Installed) -> None:
    homes = installed.told("[str(b.home(kind)) for kind in ('contracts', 'fixtures')]")

    assert [Path(home).is_relative_to(installed.environment) for home in homes] == [True, True]
    assert installed.told("b.contract_names()") == contract_names()
    assert installed.told("{name: b.fixture_names(name) for name in b.contract_names()}") == {
        name: fixture_names(name) for name in contract_names()
    }


def test_it_serves_the_bundled_contract_from_any_folder(installed: Installed) -> None:
    with installed.serving() as ready, httpx2.Client(base_url=ready["api"], trust_env=False) as client:
        version = client.get("/v1/system/version").raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {ready['tokens']['admin']}"
        table = client.get(f"/v1/tables/{facts.TABLE}").raise_for_status().json()

    assert version["version"].startswith("2.0.")
    assert table["fullyQualifiedName"] == "sample_data.ecommerce_db.shopify.agent_performance_summary"
    assert set(ready) == {"url", "api", "tokens", "pid"}
    assert list(installed.folder.iterdir()) == []


def test_it_serves_as_the_server_does(installed: Installed) -> None:
    with installed.serving("--profile", "server-2.0") as ready:
        headers = {"Authorization": f"Bearer {ready['tokens']['admin']}"}
        with httpx2.Client(base_url=ready["api"], headers=headers, trust_env=False) as client:
            answer = client.put(f"/v1/tables/{facts.TABLE}/followers", json=facts.ADMIN).raise_for_status()

    assert answer.json()["eventType"] == "entityUpdated"


def test_a_contract_is_linted_and_its_routes_are_printed(installed: Installed) -> None:
    operations = load_contract("openmetadata").operations
    routes = installed.said("mockserver", "routes").splitlines()

    assert f"openmetadata: {len(operations)} operations, no errors" in installed.said("mockserver", "lint")
    assert [line.split()[0] for line in routes[1:]] == [operation.id for operation in operations]


def test_a_token_is_made(installed: Installed) -> None:
    assert installed.said("mockserver", "token", "guest").count(".") == 2


def test_it_knows_its_version(installed: Installed) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert installed.said("mockserver", "--version") == f"mockserver {version}\n"
    assert installed.said("python", "-m", "mockserver", "--version") == f"mockserver {version}\n"


def test_a_check_says_what_it_needs(installed: Installed) -> None:
    done = installed.run("mockserver", "check")

    assert done.returncode == 2
    assert done.stderr == (
        "error: the contract check needs schemathesis; install it with: pip install 'mockserver[check]'\n"
    )


def _install(home: Path) -> None:
    for name in ("folder", "state"):
        (home / name).mkdir(exist_ok=True)
    uv = _uv()
    environment = home / "environment"
    _run([uv, "build", "--quiet", "--wheel", "--out-dir", str(home / "dist"), str(ROOT)])
    [wheel] = (home / "dist").glob("*.whl")
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)])
    _run([uv, "pip", "install", "--quiet", "--python", str(environment / "bin" / "python"), str(wheel)])


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        pytest.fail("uv is missing: it builds and installs the wheel. Install it, e.g. `make install`", pytrace=False)
    return found


def _run(command: list[str]) -> None:
    variables = {name: value for name, value in os.environ.items() if name not in BOUND_ELSEWHERE}
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    if done.returncode:
        pytest.fail(f"`{' '.join(command)}` failed:\n{done.stderr}", pytrace=False)


def _await(process: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    waited = 0.0
    while not ready.exists():
        try:
            code = process.wait(0.1)
        except subprocess.TimeoutExpired:
            waited += 0.1
            assert waited < PATIENCE, log.read_text()
        else:
            pytest.fail(f"the server ended with {code}:\n{log.read_text()}", pytrace=False)
