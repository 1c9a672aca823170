"""The examples of the fixture's documentation, run as they stand."""

from __future__ import annotations

import re
import site
import subprocess
from pathlib import Path

import pytest

from tests.clients import sdk_env
from tests.unit.testing.conftest import Run
from tests.unit.testing.documents import Block, blocks

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[3]
PAGE = list(blocks(ROOT / "docs" / "fixture.md"))
PYTHON = [block.text for block in PAGE if block.language == "python"]
SDK = [text for text in PYTHON if "from metadata." in text]
COMMAND = "$ pytest -n 2"
# What the SDK's environment lacks comes after its own packages, as it would in one environment for both.
BOTH = """
import sys
sys.path[:0] = [{root!r}]
sys.path[len(sys.path):] = {packages!r}
pytest_plugins = ["mockserver.testing.plugin"]
"""


def test_the_examples_pass(pytester: pytest.Pytester, run: Run) -> None:
    examples = "\n".join(text for text in PYTHON if text not in SDK)
    _write(pytester.path, PAGE)
    pytester.makepyfile(test_examples=examples)
    assert COMMAND in [block.text.strip() for block in PAGE if block.language == "console"]

    result = run("-p", "xdist", *COMMAND.split()[2:])

    result.assert_outcomes(passed=len(re.findall(r"^def test_", examples, re.MULTILINE)))


def test_the_example_with_the_sdk_passes_with_the_sdk(tmp_path: Path) -> None:
    """The plugin is used beside the real SDK, in the SDK's own environment."""
    (tmp_path / "conftest.py").write_text(BOTH.format(root=str(ROOT), packages=site.getsitepackages()))
    (tmp_path / "test_example.py").write_text("\n".join([PYTHON[0], *SDK]))

    command = [str(sdk_env.interpreter()), *["-m", "pytest", "-q", "-W", "ignore", "-k", "the_sdk", "--rootdir", "."]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(SDK)} passed" in done.stdout


def test_the_failure_that_is_shown_is_the_one_that_comes(pytester: pytest.Pytester, run: Run) -> None:
    [shown] = [block.text for block in PAGE if block.language == "text"]
    pytester.makepyfile(f"""{PYTHON[0]}
def test_shown(mockserver):
    mockserver.client.put(f"/v1/tables/{{TABLE}}/followers", json=ADMIN)
    mockserver.assert_called("addTableFollower", times=1, user="consumer")
""")

    result = run("-k", "shown")

    first, *rest = shown.splitlines()
    result.stdout.fnmatch_lines(
        [f"E       AssertionError: {first}", *(f"E       {line}" for line in rest)], consecutive=True
    )


def test_every_kind_of_block_is_run() -> None:
    assert {block.language for block in PAGE} == {"python", "ini", "yaml", "text", "console"}
    assert len(SDK) == 1
    assert all(block.file for block in PAGE if block.language in ("ini", "yaml"))


def _write(folder: Path, page: list[Block]) -> None:
    """The files that blocks are named after."""
    for block in page:
        if block.file is not None:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
