"""The command is cheap to load, and says what to install when schemathesis is missing."""

import subprocess
import sys
from typing import NoReturn

import pytest
from click.testing import CliRunner

from mockserver.check import command


def never(contract: str, profile: str | None) -> NoReturn:
    raise AssertionError("no contract is to be looked for")


def test_loading_the_command_loads_no_schemathesis() -> None:
    code = (
        "import sys, mockserver.check.command; print([n for n in sys.modules if n in ('schemathesis', 'hypothesis')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_a_missing_schemathesis_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)

    result = CliRunner().invoke(command.check_command(never), [])

    assert result.exit_code == 2
    assert result.stderr == (
        "error: the contract check needs schemathesis; install it with: pip install 'mockserver[check]'\n"
    )


def test_the_help_has_examples() -> None:
    result = CliRunner().invoke(command.check_command(never), ["--help"])

    assert result.exit_code == 0
    assert "mockserver check --phase stateful --max-examples 200 --seed 42\n" in result.stdout
