"""Runs every command and loads every sample of the project's pages, and holds their lists to the code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import samples
from tests.project.markdown import Block
from tests.project.walk import BLOCKS, follow, has_tests, of_language, page_shell, page_steps

LOADERS: dict[str, Callable[[Block, Path], None]] = {
    "yaml": samples.load_yaml_block,
    "json": samples.load_json,
    "toml": samples.load_toml,
    "ini": samples.load_ini,
    "": samples.load_text,
}
RUN = ("console", "python", "text")
# What each target's recipe holds when it does what the pages say of it.
TARGETS = {
    "help": "grep",
    "install": "pip install",
    "serve": "mockserver serve",
    "test": "-m pytest",
    "lint": "ruff check",
    "fmt": "ruff format .",
    "check": "mockserver check",
    "bench": "-m bench",
    "build": "-m build",
    "clean": "rm -rf",
}
MAKES = re.compile(r"^make( +[\w-]+)+$")
INSTALLS = re.compile(r"^(?:python -m )?pip install ['\"]?mockserver(?:\[([\w,]+)\])?['\"]?$")
CHECKS = re.compile(r"\bmockserver +check\b")
ASSIGNS = re.compile(r"^(?:\w+=\S* +)*\w+=")
DEFINES_TESTS = re.compile(r"^(?:async )?def test_|^class Test", re.MULTILINE)
REFUSED_BY_SERVER = 22
NEEDS_SDK = re.compile(r"^(?:from|import) metadata\b", re.MULTILINE)
# Makes the failure that a page shows as text.
FAILURES = {
    "docs/fixture.md": """
def test_who_follows(mockserver):
    table, admin = "455e3d9d-dbbf-455e-b3be-7191daa825f3", "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
    mockserver.client.put(f"/v1/tables/{table}/followers", json=admin)
    mockserver.assert_called("addTableFollower", times=1, user="consumer")
""",
}


@pytest.mark.parametrize("place", BLOCKS)
def test_a_block_is_of_a_kind_that_is_tested(place: str) -> None:
    assert BLOCKS[place].language in (*LOADERS, *RUN)


@pytest.mark.parametrize("place", [place for place, block in BLOCKS.items() if block.language in LOADERS])
def test_a_sample_is_what_its_page_says(place: str, tmp_path: Path) -> None:
    LOADERS[BLOCKS[place].language](BLOCKS[place], tmp_path)


@pytest.mark.parametrize("page", [page for page, found in of_language("python").items() if has_tests(found)])
def test_the_tests_on_a_page_pass(page: str, tmp_path: Path) -> None:
    with page_shell(page, tmp_path) as shell:
        done = shell.run("pytest -q -W error")

    assert done.code == 0, done.output


@pytest.mark.parametrize("page", of_language("text"))
def test_a_failure_is_shown_as_it_is(page: str, tmp_path: Path) -> None:
    with page_shell(page, tmp_path) as shell:
        (shell.folder / "test_failure.py").write_text(FAILURES[page])
        shown = shell.run("pytest -q test_failure.py").output

    for block in of_language("text")[page]:
        missing = [line for line in block.text.splitlines() if line.strip() not in shown]
        assert missing == [], shown


@pytest.mark.parametrize("page", of_language("console"))
def test_the_commands_on_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    with page_shell(page, tmp_path) as shell:
        follow(shell, page_steps(page))
