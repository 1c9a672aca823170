"""What the pytest fixture adds to a suite of tests that do nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.outcome import Bound, Outcome, Table
from bench.processes import surroundings
from bench.settings import Settings

TESTS = 1000
MOST_MS = 1.0
SUITE = """\
import pytest


@pytest.mark.parametrize("number", range({tests}))
def test_nothing(number{fixture}):
    pass
"""
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")


def suite(settings: Settings) -> Outcome:
    """The whole run's time with the fixture and without it, the start of the server included."""
    times: dict[str, list[float]] = {"without": [], "with": []}
    with TemporaryDirectory() as folder:
        for at in range(settings.rounds + 1):
            for name, fixture in (("without", ""), ("with", ", mockserver")):
                elapsed = _run(Path(folder), SUITE.format(tests=TESTS, fixture=fixture))
                if at:
                    times[name].append(elapsed)
    middles = {name: median(values) for name, values in times.items()}
    added = (middles["with"] - middles["without"]) / TESTS * 1e3
    rows = tuple((f"{name} `mockserver`", f"{value:.2f}") for name, value in middles.items())
    return Outcome(
        "suite",
        (Table((f"{TESTS:,} tests", "seconds"), rows),),
        (Bound("added to each test", added, MOST_MS, "ms", at_least=False),),
    )


def _run(folder: Path, text: str) -> float:
    (folder / "test_suite.py").write_text(text)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, "test_suite.py"],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    elapsed = time.perf_counter() - started
    if f"{TESTS} passed" not in done.stdout:
        raise SystemExit(f"the suite failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return elapsed
