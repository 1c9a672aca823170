"""A short one of the long runs, over both ways: nothing that was not asked for, and all that was taken given back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project.tree import ROOT

# As long as it takes until what is made at first use is made, before the second quarter.
SHORT = ("--minutes", "0.3", "--callers", "8", "--reload-every", "3", "--no-report")


@pytest.mark.parametrize("more", [(), ("--plain-asgi",)], ids=["direct", "plain-asgi"])
def test_a_short_soak_keeps_every_bound(more: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "bench.soak", *SHORT, *more]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
