"""Runs the workflows of the real ingestion against a sandbox, as its command line does."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx2

from tests.clients.environments import SDK
from tests.clients.sandbox import Sandbox

Json = Any
PATIENCE = 240.0


def run(sandbox: Sandbox, folder: Path, verb: str, source: Json, processor: Json = None) -> str:
    """One run of `metadata VERB` from a source into the catalogue, which must end well; what it printed."""
    steps = {"source": source, "sink": {"type": "metadata-rest", "config": {}}}
    return run_as(sandbox, folder, verb, steps if processor is None else {**steps, "processor": processor})


def run_as(sandbox: Sandbox, folder: Path, verb: str, given: Json) -> str:
    """One run of `metadata VERB` with what it is given; where the catalogue is, it is told here."""
    catalogue = {
        "hostPort": sandbox.api,
        "authProvider": "openmetadata",
        "securityConfig": {"jwtToken": sandbox.tokens["ingestion-bot"]},
    }
    config = {**given, "workflowConfig": {"openMetadataServerConfig": catalogue}}
    file = folder / f"{verb}.yaml"
    file.write_text(json.dumps(config))
    command: list[str | Path] = [SDK.program("metadata"), verb, "-c", file]
    ended = subprocess.run(
        command, env={**os.environ, "NO_PROXY": "*"}, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said[-4000:]
    return said


def sqlite_source(database: Path, kind: str, service: str = "shop", **config: Json) -> Json:
    """The source of a workflow that reads a SQLite file."""
    connection = {"type": "SQLite", "databaseMode": str(database), "database": "main_file"}
    return {
        "type": kind,
        "serviceName": service,
        "serviceConnection": {"config": connection},
        "sourceConfig": {"config": config},
    }


def ask(sandbox: Sandbox, path: str) -> Json:
    """What the sandbox answers to its administrator."""
    headers = {"Authorization": f"Bearer {sandbox.tokens['admin']}"}
    return httpx2.get(f"{sandbox.api}{path}", headers=headers, trust_env=False).raise_for_status().json()


def send(sandbox: Sandbox, method: str, path: str, body: Json, user: str = "admin") -> Json:
    """What the sandbox answers to something that a user writes."""
    kind = "application/json-patch+json" if method == "PATCH" else "application/json"
    headers = {"Authorization": f"Bearer {sandbox.tokens[user]}", "Content-Type": kind}
    answer = httpx2.request(method, f"{sandbox.api}{path}", headers=headers, json=body, trust_env=False)
    return answer.raise_for_status().json()


def journal(sandbox: Sandbox, since: int = 0) -> list[Json]:
    """The requests that the sandbox answered, oldest first."""
    asked = httpx2.get(f"{sandbox.url}/__mock__/requests?limit=1000&since={since}", trust_env=False)
    requests: list[Json] = asked.raise_for_status().json()["requests"]
    return requests
