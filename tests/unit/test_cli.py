"""The command line within this process: what it prints, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import click
import jwt
import pytest
from click.testing import CliRunner, Result

from mockserver.bundled import contract_root
from mockserver.cli import COMMANDS, main

SNEAKY = """
import sys
from click.testing import CliRunner
from mockserver.cli import main
result = CliRunner().invoke(main, sys.argv[2:])
assert result.exit_code == 0, result.output
print(*sorted(name for name in sys.argv[1].split(",") if name in sys.modules))
"""


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="mockserver")


def test_help_names_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)
    assert "Examples:" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(name: str) -> None:
    result = run(name, "--help")

    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"  mockserver {name}" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_listed_with_its_own_words(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert isinstance(command, click.Command)
    assert (command.name, command.short_help) == (name, COMMANDS[name])


def test_the_version_is_told() -> None:
    assert run("--version").output.startswith("mockserver ")


@pytest.mark.parametrize("arguments", [("sevre",), ("serve", "--prot", "1"), ("serve", "--port", "-1"), ("token",)])
def test_a_slip_in_the_command_is_told_and_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_sound_contract_is_said_to_be_so() -> None:
    result = run("lint")

    assert result.exit_code == 0
    assert "no errors (profiles: docs, server-2.0)" in result.output


def test_one_profile_is_looked_at_alone() -> None:
    assert run("lint", "--profile", "docs").output.endswith("no errors (profiles: docs)\n")


def test_every_error_of_a_contract_is_a_line_with_its_place(tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_text(
        "openapi: 3.1.1\ninfo: {title: T, version: '1'}\npaths:\n"
        "  /a: {get: {operationId: a, x-behaviour: {use: lsit}, responses: {'200': {description: D}}}}\n"
        "  /b: {get: {operationId: b, x-behavior: {}, responses: {'200': {description: D}}}}\n"
    )

    result = run("lint", str(contract))

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("openapi.yaml:4: /paths/~1a/get")
    assert lines[0].endswith("did you mean 'list'?")
    assert result.stderr == f"{contract}: 2 errors\n"


@pytest.mark.parametrize("command", ["lint", "routes", "serve"])
def test_an_unknown_contract_is_one_line_and_ends_with_2(command: str) -> None:
    result = run(command, "openmetdata")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("error: ")
    assert "did you mean 'openmetadata'?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("serve", "--profile", "dcos"), "did you mean 'docs'?"),
        (("serve", "--fixtures", "documnted"), "did you mean 'documented'?"),
        (("serve", "--fixtures", "none.yaml"), "none.yaml"),
        (("serve", "--host", "0.0.0.0"), "--control-token"),
        (("serve", "--host", "nowhere.invalid"), "nowhere.invalid"),
        (("serve", "--ready-file", "no/such/folder/ready.json"), "no/such/folder"),
        (("serve", "--allowed-host", "http://x"), "--allowed-host 'http://x' is no host name"),
        (("serve", "--control-token", ""), "would protect nothing"),
        (("token", "admin", "--expired", "--lifetime", "1h"), "exclude each other"),
        (("serve", "--key-file", "none.pem"), "--key-file none.pem: No such file or directory"),
        (("serve", "--key-file", __file__), "is no RSA key of 2048 bits or more as PEM; `openssl genrsa"),
        (("token", "admin", "--key-file", __file__), "is no RSA key of 2048 bits or more as PEM; `openssl genrsa"),
        (("token", "admin", "--contract", "x"), "no contract named 'x'"),
        (("routes", "--profile", "dcos"), "did you mean 'docs'?"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_ends_with_2(arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments, *(["--port", "0"] if arguments[0] == "serve" else []))

    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_routes_are_told_one_a_line() -> None:
    lines = run("routes").output.splitlines()
    rows = {row[0]: row[1:] for row in map(str.split, lines)}

    assert rows["OPERATION"] == ["METHOD", "PATH", "BEHAVIOUR", "STATE", "RESOURCE", "SECURITY"]
    assert rows["addTableFollower"] == [
        "PUT",
        "/api/v1/tables/{id}/followers",
        "relate",
        "stateful",
        "tables",
        "bearer",
    ]
    assert rows["getSystemVersion"] == ["GET", "/api/v1/system/version", "example", "canned", "-", "-"]


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token.strip(), options={"verify_signature": False, "verify_exp": False})


def test_a_token_is_printed_and_nothing_else() -> None:
    result = run("token", "guest")

    assert (result.exit_code, result.stderr) == (0, "")
    assert claims(result.stdout)["sub"] == "guest"
    assert "exp" not in claims(result.stdout)


def test_a_token_is_the_same_every_time() -> None:
    assert run("token", "guest").stdout == run("token", "guest").stdout


@pytest.mark.parametrize(
    ("lifetime", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("7d", 604_800), ("1h30m", 5400)]
)
def test_a_token_lives_as_long_as_is_said(lifetime: str, seconds: int) -> None:
    made = claims(run("token", "guest", "--lifetime", lifetime).stdout)

    assert int(str(made["exp"])) - int(str(made["iat"])) == seconds


@pytest.mark.parametrize("lifetime", ["", "1", "h", "1y", "-1h", "1.5h"])
def test_a_lifetime_that_is_none_is_refused(lifetime: str) -> None:
    result = run("token", "guest", "--lifetime", lifetime)

    assert result.exit_code == 2
    assert "1h30m" in result.stderr


def test_an_expired_token_has_expired() -> None:
    assert int(str(claims(run("token", "guest", "--expired").stdout)["exp"])) < time.time()


def test_a_token_of_nobody_is_made_with_a_note() -> None:
    result = run("token", "gest")

    assert result.exit_code == 0
    assert claims(result.stdout)["sub"] == "gest"
    assert "did you mean 'guest'?" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_a_script(shell: str) -> None:
    result = run("completion", shell)

    assert result.exit_code == 0
    assert f"_MOCKSERVER_COMPLETE={shell}_complete" in result.stdout


def test_a_shell_asks_for_completions() -> None:
    command = [sys.executable, "-m", "mockserver"]
    asked = {"_MOCKSERVER_COMPLETE": "bash_complete", "COMP_WORDS": "mockserver s", "COMP_CWORD": "1", "PATH": "/bin"}

    result = subprocess.run(command, env=asked, capture_output=True, text=True, check=True)

    assert result.stdout == "plain,serve\n"


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], "uvicorn,starlette,yaml,orjson,jsonschema_rs,jwt,cryptography,schemathesis,asyncio"),
        (["serve", "--help"], "uvicorn,starlette,yaml,jwt,cryptography,schemathesis"),
        (["completion", "zsh"], "uvicorn,starlette,yaml,orjson,jwt,cryptography"),
        (["lint"], "uvicorn,starlette,jwt,cryptography,schemathesis,faker"),
        (["routes"], "uvicorn,starlette,jwt,cryptography,schemathesis,faker"),
        (["token", "guest"], "uvicorn,starlette,schemathesis"),
        (["check", "--help"], "uvicorn,starlette,jwt,cryptography,schemathesis"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_more_than_it_needs(arguments: list[str], heavy: str) -> None:
    command = [sys.executable, "-c", SNEAKY, heavy, *arguments]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == []


def test_the_bundled_contract_is_what_is_meant_by_default() -> None:
    assert contract_root("openmetadata")[1].is_dir()
