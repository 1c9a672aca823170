"""What the tests of the transport share: a sandbox at its seeds, and callers of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from subprocess import PIPE

import httpx2
import pytest

from mockserver.http.app import App
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.worlds import MemoryWorlds
from tests.support import tokens
from tests.support.processes import SERVE, Process

URL = "http://localhost"

Caller = Callable[[App], httpx2.Client]
Start = Callable[..., Process]


@pytest.fixture(scope="session")
def seeded() -> Sandbox:
    return open_sandbox(fixtures="documented", key=tokens.key("server"))


@pytest.fixture
def sandbox(seeded: Sandbox) -> Sandbox:
    """One with a world of its own."""
    return seeded._replace(worlds=MemoryWorlds(seeded.world.initial))


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    return App(sandbox)


@pytest.fixture
def calling(sandbox: Sandbox) -> Iterator[Caller]:
    """Makes callers of an application, who are the admin."""
    loop = Loop()
    headers = {"Authorization": f"Bearer {sandbox.token('admin')}"}
    yield lambda app: client(app, URL, headers, loop)
    loop.close()


@pytest.fixture
def http(app: App, calling: Caller) -> httpx2.Client:
    return calling(app)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One in which servers have a key of their own."""
    return {**os.environ, "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Starts servers that are ended with the test; `log` is a file for what they say on stderr."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, log: Path | None = None, **more: str) -> Process:
        ready_file = tmp_path / f"ready-{len(started)}.json"
        command = [*SERVE, "--port", "0", "--ready-file", str(ready_file), *options]
        with nullcontext(PIPE) if log is None else log.open("w") as stderr:
            process = subprocess.Popen(command, env={**environment, **more}, stdout=PIPE, stderr=stderr, text=True)
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.fail(process.communicate()[1], pytrace=False)
        while not ready_file.exists():
            assert process.poll() is None
        return Process(process, ready_file, line.rstrip())

    yield start
    for process in started:
        process.kill()
        process.communicate()
