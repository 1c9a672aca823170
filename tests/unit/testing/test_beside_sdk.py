"""The plugin and the real Python SDK in one process, as a connector's author has them."""

from __future__ import annotations

import site
import subprocess
from pathlib import Path

from tests.clients.environments import SDK as SDK_ENVIRONMENT
from tests.project import markdown
from tests.project.tree import ROOT

PYTHON = [block.text for block in markdown.blocks(ROOT / "docs" / "fixture.md") if block.language == "python"]
SDK = [text for text in PYTHON if "from metadata." in text]
# What the SDK's environment lacks is found after its own packages.
BOTH = """
import sys
sys.path[:0] = [{root!r}]
sys.path[len(sys.path):] = {packages!r}
pytest_plugins = ["mockserver.testing.plugin"]
"""


def test_the_pages_example_passes_with_the_sdk_itself(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(BOTH.format(root=str(ROOT), packages=site.getsitepackages()))
    again = [text.replace("def test_the_sdk", "def test_again_the_sdk") for text in SDK]
    (tmp_path / "test_example.py").write_text("\n".join([PYTHON[0], *SDK, *again]))

    options = ["-q", "-W", "ignore", "-k", "the_sdk", "--rootdir", "."]
    command = [str(SDK_ENVIRONMENT.program("python")), "-m", "pytest", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{2 * len(SDK)} passed" in done.stdout
