"""Runs every command, test and sample of the project's pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import markdown, samples
from tests.project.markdown import Block
from tests.project.shell import Shell
from tests.project.tree import named
from tests.project.walk import follow, page_shell, steps_of

PAGES = {named(page): markdown.blocks(page) for page in markdown.pages()}
BLOCKS = {block.place: block for blocks in PAGES.values() for block in blocks}
LOADERS: dict[str, Callable[[Block, Path], None]] = {
    "yaml": samples.load_yaml_block,
    "json": samples.load_json,
    "toml": samples.load_toml,
    "ini": samples.load_ini,
    "": samples.load_text,
}
RUN = ("console", "python", "text")
TEST_THAT_FAILS = """
def test_who_follows(mockserver):
    table, admin = "455e3d9d-dbbf-455e-b3be-7191daa825f3", "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
    mockserver.client.put(f"/v1/tables/{table}/followers", json=admin)
    mockserver.assert_called("addTableFollower", times=1, user="consumer")
"""


def failing_test(shell: Shell, blocks: list[Block]) -> str:
    (shell.folder / "test_failure.py").write_text(TEST_THAT_FAILS)
    return shell.run("pytest -q test_failure.py").output


def misspelt_set(shell: Shell, blocks: list[Block]) -> str:
    """The page's first set, with a wrong type and a wrong name in it."""
    text = next(block.text for block in blocks if block.language == "yaml")
    misspelt = text.replace("TIMESTAMP", "TIMESTMP").replace("[ann, bob]", "[ann, bbo]")
    assert misspelt != text
    (shell.folder / "shop.yaml").write_text(misspelt)
    return shell.run("mockserver token ann --fixtures shop.yaml").output


# What prints the failure that a page shows as text.
FAILURES = {"docs/fixture.md": failing_test, "docs/fixtures.md": misspelt_set}


def with_blocks(*languages: str) -> list[str]:
    """The pages that have blocks of these languages."""
    return [page for page, blocks in PAGES.items() if any(block.language in languages for block in blocks)]


@pytest.mark.parametrize("place", BLOCKS)
def test_a_block_is_of_a_kind_that_is_tested(place: str) -> None:
    assert BLOCKS[place].language in (*LOADERS, *RUN)


@pytest.mark.parametrize("place", [place for place, block in BLOCKS.items() if block.language in LOADERS])
def test_a_sample_is_what_its_page_says(place: str, tmp_path: Path) -> None:
    LOADERS[BLOCKS[place].language](BLOCKS[place], tmp_path)


@pytest.mark.parametrize("page", with_blocks("text"))
def test_a_failure_is_shown_as_it_is(page: str, tmp_path: Path) -> None:
    with page_shell(PAGES[page], tmp_path) as shell:
        shown = FAILURES[page](shell, PAGES[page])

    lines = [line for block in PAGES[page] if block.language == "text" for line in block.text.splitlines()]
    assert [line for line in lines if not re.search(re.escape(line.strip()).replace("…", ".*"), shown)] == [], shown


@pytest.mark.parametrize("page", with_blocks("console", "python"))
def test_the_commands_and_programs_on_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    with page_shell(PAGES[page], tmp_path) as shell:
        follow(shell, steps_of(PAGES[page]))
