"""Starts the real server as its own process, the way a person would, and resets it between tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

DOCS, SERVER = "docs", "server-2.0"
PATIENCE = 60.0
PROFILES = (DOCS, SERVER)
both_profiles = pytest.mark.parametrize("sandbox", PROFILES, indirect=True)
as_the_server = pytest.mark.parametrize("sandbox", [SERVER], indirect=True)


@dataclass(frozen=True)
class Sandbox:
    """A running server: where it listens, and a token for each user marked for one."""

    profile: str
    url: str
    api: str
    tokens: dict[str, str]
    process: subprocess.Popen[bytes]

    def reset(self) -> None:
        """Back to the seeds."""
        httpx2.post(f"{self.url}/__mock__/reset", trust_env=False).raise_for_status()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)


def start(profile: str, folder: Path, *options: str, state: Path | None = None) -> Sandbox:
    """A server on a free port, awaited by the file that it writes once it answers; with a key of its own in `state`."""
    environment = {**os.environ, **({} if state is None else {"XDG_STATE_HOME": str(state)})}
    ready, log = folder / "ready.json", folder / "log.txt"
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--profile", profile]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready), *options],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    _await(process, ready, log)
    said = json.loads(ready.read_text())
    return Sandbox(profile, said["url"], said["api"], said["tokens"], process)


def _await(process: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready.exists():
        try:
            code = process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                process.kill()
                pytest.fail(f"the sandbox was not ready after {PATIENCE:.0f} s:\n{log.read_text()}", pytrace=False)
        else:
            pytest.fail(f"the sandbox ended with exit {code} before it was ready:\n{log.read_text()}", pytrace=False)
