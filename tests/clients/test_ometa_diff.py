"""The real `ometa-diff`, from the package index, tells what changed in the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients import facts
from tests.clients.mcp import tools_of
from tests.clients.sandbox import Sandbox, both_profiles
from tests.clients.workflows import journal, send
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("programs")
Json = Any
PATIENCE = 60.0
TABLE = f"/v1/tables/{facts.TABLE}"
CHANGES = [
    {"field_path": "columns.agent_id", "change_type": "removed", "severity": "major", "new_value": None},
    {"field_path": "description", "change_type": "modified", "severity": "minor", "new_value": "How agents do."},
]
CHANGED = {
    "entity_type": "table",
    "entity_fqn": facts.TABLE_FQN,
    "entity_id": facts.TABLE,
    "from_version": "0.1",
    "to_version": "1.1",
    "updated_by": "admin",
    "changes": CHANGES,
    "is_major": True,
    "summary": "2 changes: 1 major, 1 minor",
}
ASKED = ["getTableByName", "listTableVersions", "getTableVersion", "getTableVersion"]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    output: str
    errors: str


def settings(sandbox: Sandbox, token: str) -> dict[str, str]:
    """What its manual says is to be in the environment."""
    return {"OPENMETADATA_HOST": sandbox.api, "OPENMETADATA_JWT_TOKEN": token}


def run(program: Path, sandbox: Sandbox, *arguments: str, token: str | None = None) -> Done:
    # A wide terminal, so that names are not broken.
    wide = {"NO_PROXY": "*", "COLUMNS": "200", "TERM": "dumb"}
    environment = {**os.environ, **wide, **settings(sandbox, token or sandbox.tokens["admin"])}
    ended = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def changed(sandbox: Sandbox) -> Sandbox:
    """The sandbox after an edit that takes a column away and says more of the table."""
    described = {"op": "replace", "path": "/description", "value": "How agents do."}
    send(sandbox, "PATCH", TABLE, [described, {"op": "remove", "path": "/columns/0"}])
    return sandbox


@both_profiles
def test_what_changed_between_two_versions_is_told(changed: Sandbox, ometa_diff: Path) -> None:
    since = journal(changed)[-1]["sequence"]
    done = run(ometa_diff, changed, "diff", "table", facts.TABLE_FQN, "--format", "json")

    assert done.code == 0, done.errors
    assert_contains(json.loads(done.output), CHANGED)
    calls = journal(changed, since=since)
    assert [(call["operation"], call["status"]) for call in calls] == [(name, 200) for name in ASKED]
    assert {call["user"] for call in calls} == {"admin"}


@both_profiles
def test_the_versions_that_are_named_are_compared(changed: Sandbox, ometa_diff: Path) -> None:
    named = {"op": "add", "path": "/displayName", "value": "Agents"}
    send(changed, "PATCH", TABLE, [named], user="ingestion-bot")

    done = run(ometa_diff, changed, "diff", "table", facts.TABLE_FQN, "--from", "0.1", "--to", "1.2", "-f", "markdown")

    assert done.code == 0, done.errors
    assert "`columns.agent_id`" in done.output
    assert "`displayName`" in done.output
    assert "ingestion-bot" in done.output


@both_profiles
@pytest.mark.parametrize("scope", [("--service", "sample_data"), ("--type", "table"), ("--user", "admin")])
def test_a_changelog_is_gathered_by_searching(changed: Sandbox, ometa_diff: Path, scope: tuple[str, str]) -> None:
    done = run(ometa_diff, changed, "changelog", *scope, "--since", "1d", "--format", "json")

    assert done.code == 0, done.errors
    log = json.loads(done.output)
    assert [(entry["entity_fqn"], entry["updated_by"]) for entry in log["entries"]] == [(facts.TABLE_FQN, "admin")]
    assert (log["total_changes"], log["major_changes"], log["minor_changes"]) == (2, 1, 1)
    assert "searchQuery" in {call["operation"] for call in journal(changed)}


@both_profiles
@pytest.mark.parametrize(
    ("fqn", "token", "said"),
    [
        ("no.such.one.here", None, "Entity 'no.such.one.here' not found"),
        (facts.TABLE_FQN, "made.up.token", "Authentication failed"),
    ],
)
def test_a_refusal_is_understood(sandbox: Sandbox, ometa_diff: Path, fqn: str, token: str | None, said: str) -> None:
    done = run(ometa_diff, sandbox, "diff", "table", fqn, token=token)

    assert (done.code, done.output) == (1, "")
    assert said in done.errors


@both_profiles
def test_an_assistant_is_told_the_same(changed: Sandbox, ometa_diff: Path, tmp_path: Path) -> None:
    with tools_of([ometa_diff, "serve"], tmp_path / "log.txt", settings(changed, changed.tokens["admin"])) as tools:
        assert tools.names == ["metadata_diff", "metadata_changelog", "metadata_change_summary"]
        told = tools.call("metadata_diff", entity_type="table", entity_fqn=facts.TABLE_FQN)

    assert not told.failed
    assert "**v0.1 -> v1.1** | Changed by: `admin`" in told.text
    assert "`columns.agent_id`" in told.text
