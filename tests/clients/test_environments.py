"""Tests that a program's environment is made once, whoever asks, and again when what it holds is stale."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients import environments
from tests.clients.environments import Environment, EnvironmentFailure

UV = f"""#!{sys.executable}
import pathlib, sys
calls = pathlib.Path(__file__).with_name("calls")
with calls.open("a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
if "venv" in sys.argv:
    python = pathlib.Path(sys.argv[-1], "bin", "python")
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
elif pathlib.Path(__file__).with_name("broken").exists():
    sys.exit("no route to the index")
"""
ENV = Environment("env", ("program==1",), (), ("certifi",))


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for uv that notes its calls; it fails to install while a file `broken` lies beside it."""
    script = tmp_path / "uv"
    script.write_text(UV)
    script.chmod(0o755)
    monkeypatch.setattr(environments, "_uv", lambda: str(script))
    return script


def calls(uv: Path) -> list[str]:
    log = uv.with_name("calls")
    return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


def test_the_environment_is_made_with_the_requirements_and_overrides(uv: Path, tmp_path: Path) -> None:
    python = ENV.program("python", tmp_path)
    assert python == tmp_path / "env" / "bin" / "python"
    assert calls(uv) == ["venv", "pip"]
    overrides = tmp_path / "env.overrides.txt"
    assert f"--override {overrides} program==1\n" in uv.with_name("calls").read_text()
    assert overrides.read_text().splitlines() == ["certifi"]


def test_a_ready_environment_is_taken_as_it_is(uv: Path, tmp_path: Path) -> None:
    ENV.program("python", tmp_path)
    ENV.program("python", tmp_path)
    assert calls(uv) == ["venv", "pip"]


def test_other_requirements_make_it_anew(uv: Path, tmp_path: Path) -> None:
    ENV.program("python", tmp_path)
    replace(ENV, requirements=("program==2",)).program("python", tmp_path)
    assert calls(uv) == ["venv", "pip", "venv", "pip"]


def test_many_who_ask_at_once_make_one_environment(uv: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ENV.program, ["python"] * 8, [tmp_path] * 8))
    assert found == {tmp_path / "env" / "bin" / "python"}
    assert calls(uv) == ["venv", "pip"]


def test_a_failed_installation_says_why_and_is_tried_again(uv: Path, tmp_path: Path) -> None:
    uv.with_name("broken").touch()
    with pytest.raises(EnvironmentFailure, match=r"(?s)pip install.*exit 1.*no route to the index"):
        ENV.program("python", tmp_path)
    uv.with_name("broken").unlink()
    ENV.program("python", tmp_path)
    assert calls(uv) == ["venv", "pip", "venv", "pip"]


def test_a_missing_uv_is_named_with_its_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailure, match=r"uv is missing.*make install"):
        ENV.program("python", tmp_path)
