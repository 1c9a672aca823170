"""The pages' curl calls, by the real curl, each answer held against the documented one."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.sandbox import SERVER, Sandbox, both_profiles
from tests.support.contains import difference

pytestmark = pytest.mark.xdist_group("clients")
CONVERSATIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("pages.yaml").read_text())


@both_profiles
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: str(conversation["conversation"]))
def test_each_call_is_answered_as_documented(sandbox: Sandbox, curl: str, conversation: dict[str, Any]) -> None:
    for call in conversation["calls"]:
        command = call["curl"].replace("{base_url}", sandbox.url)
        command = command.replace("{access_token}", sandbox.tokens[call.get("user", "admin")])
        status, body = run(curl, command)
        where = f"{call['call']} ({sandbox.profile})"
        assert status == call.get("status", 200), f"{where}: {body}"
        expected = call["answers"][sandbox.profile] if "answers" in call else call["answer"]
        answer = json.loads(body)
        if sandbox.profile == SERVER and "errorType" in expected:
            assert "errorType" not in answer, f"{where}: the server's refusals have no errorType"
            expected = {key: value for key, value in expected.items() if key != "errorType"}
        found = difference(answer, expected)
        assert found is None, f"{where}: {found}\n{body}"


def run(curl: str, command: str) -> tuple[int, str]:
    """Status and body of a call as a person would type it, untouched by settings and proxies of this machine."""
    _, *arguments = shlex.split(command)
    quiet = ["--disable", "--silent", "--show-error", "--max-time", "60", "--noproxy", "*"]
    argv = [curl, *quiet, *arguments, "--write-out", "\n%{http_code}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"curl ended with exit {done.returncode}: {done.stderr}"
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body
