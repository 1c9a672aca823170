"""Runs the load generator on its core and says what it cost the server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.generator import Load, Task
from bench.processes import GENERATOR_CORE, Server, pinned

LIMIT = 60.0


class WrongAnswers(RuntimeError):
    """A server answered something else than success, or closed connections."""


@dataclass(frozen=True)
class Measured:
    """One measurement: requests a second, processor microseconds a request, and the load as it was."""

    rate: float
    cpu: float
    load: Load

    @property
    def busy(self) -> float:
        """The share of a core that the server was at work: well under 1, it was not what the load waited for."""
        return self.rate * self.cpu / 1e6


def drive(servers: Sequence[Server], task: Task) -> Measured:
    """One run of the generator, in a process of its own; the servers together answer it."""
    command = [*pinned(GENERATOR_CORE), sys.executable, "-m", "bench.generator"]
    before = [server.cpu() for server in servers]
    asked, limit = json.dumps(asdict(task)), task.seconds + LIMIT
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=limit, check=True)
    used = sum(server.cpu() for server in servers) - sum(before)
    load = Load(**json.loads(done.stdout))
    _hold(load)
    return Measured(load.answers / load.seconds, used / load.answers * 1e6, load)


def _hold(load: Load) -> None:
    """Anything but success would measure something else."""
    wrong = {status: count for status, count in load.statuses.items() if not status.startswith("2")}
    if wrong:
        counts = ", ".join(f"{status} {count} times" for status, count in sorted(wrong.items()))
        raise WrongAnswers(f"{counts}: {load.wrong[:300]}")
    if load.lost or not load.answers:
        raise WrongAnswers(f"{load.lost} connections were lost, {load.answers} requests answered")


@dataclass(frozen=True)
class Middle:
    """The medians of several rounds."""

    rate: float
    cpu: float
    busy: float
    latency: dict[str, float]


def middle(rounds: Sequence[Measured]) -> Middle:
    names = rounds[0].load.latency
    return Middle(
        median(each.rate for each in rounds),
        median(each.cpu for each in rounds),
        median(each.busy for each in rounds),
        {name: median(each.load.latency[name] for each in rounds) for name in names},
    )
