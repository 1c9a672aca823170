"""Time from the start of the process to the first right answer."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.cases import Request
from bench.outcome import Bound, Outcome, Table
from bench.processes import await_answer, free_port, running
from bench.recorded import CLOSE
from bench.servers import BARE, our_command, uvicorn_command
from bench.settings import Settings

TIMES_BARE = 1.3
# One start is short; more of them make up for the machine's moods.
STARTS_A_ROUND = 3
OURS = "mockserver"


def launch(settings: Settings) -> Outcome:
    """Medians of interleaved starts; the first ones fill the caches."""
    times: dict[str, list[float]] = {BARE: [], OURS: []}
    with TemporaryDirectory() as folder:
        for at in range(settings.rounds * STARTS_A_ROUND + 1):
            bare = _once(uvicorn_command("bare"), "/", b"{}", Path(folder))
            ready = Path(folder) / f"{at}.json"
            ours = _once(our_command(ready), "/api/v1/system/version", b'"version"', Path(folder))
            if at:
                times[BARE].append(bare)
                times[OURS].append(ours)
    middles = {name: median(values) for name, values in times.items()}
    rows = tuple((name, f"{value * 1e3:.0f}", f"{min(times[name]) * 1e3:.0f}") for name, value in middles.items())
    ratio = Bound(f"in times of {BARE}", middles[OURS] / middles[BARE], TIMES_BARE, at_least=False)
    return Outcome("launch", (Table(("server", "median ms", "fastest ms"), rows),), (ratio,))


def _once(command: list[str], path: str, expected: bytes, folder: Path) -> float:
    port = free_port()
    request = Request("GET", path).message(CLOSE).encode()
    started = time.perf_counter()
    with running([*command, "--port", str(port)], folder / "log") as process:
        answer = await_answer(process, port, request)
        elapsed = time.perf_counter() - started
    _hold(answer, expected, process)
    return elapsed


def _hold(answer: bytes, expected: bytes, process: subprocess.Popen[bytes]) -> None:
    if expected not in answer:
        raise SystemExit(f"{process.args!r} gave a wrong first answer: {answer[:200]!r}")
