"""A load generator for one core: a closed loop that measures throughput, or arrivals on a schedule for latency."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from typing import Any

from bench.connection import Connection

PERCENTILES = (50.0, 99.0, 99.9)
# How long answers are waited for after the last request was sent.
PATIENCE = 30.0


@dataclass(frozen=True)
class Task:
    """What is to be sent where; `rate` is None in a closed loop, else the arrivals a second.

    `most` ends a closed loop after so many requests; it never sleeps where it is `awake`.
    """

    ports: list[int]
    seconds: float
    connections: list[list[str]]
    rate: float | None = None
    most: int | None = None
    awake: bool = True


@dataclass
class Load:
    """What was answered in how many seconds; `cpu` is in processor seconds of the generator's own.

    `latency` is in seconds, by percentile, where arrivals were scheduled; `wrong` is an answer that was no success.
    """

    seconds: float
    answers: int
    statuses: dict[str, int]
    lost: int
    cpu: float
    latency: dict[str, float] = field(default_factory=dict)
    wrong: str = ""


async def run(task: Task) -> Load:
    loop = asyncio.get_running_loop()
    statuses: Counter[int] = Counter()
    numbers = count()
    connections = []
    for at, texts in enumerate(task.connections):
        messages = [text.encode() for text in texts]
        make = partial(Connection, messages, numbers, statuses)
        _, connection = await loop.create_connection(make, "127.0.0.1", task.ports[at % len(task.ports)])
        connections.append(connection)
    started, worked = time.perf_counter(), time.process_time()
    if task.rate is None:
        latencies = await _closed(connections, statuses, task, started)
    else:
        latencies = await _scheduled(connections, task.rate, started, task.seconds)
    elapsed, cpu = time.perf_counter() - started, time.process_time() - worked
    lost = sum(connection.lost.done() for connection in connections)
    for connection in connections:
        connection.close()
    await asyncio.wait([connection.lost for connection in connections], timeout=PATIENCE)
    counted = {str(status): number for status, number in statuses.items()}
    wrong = next((connection.wrong for connection in connections if connection.wrong), "")
    return Load(elapsed, sum(statuses.values()), counted, lost, cpu, percentiles(latencies), wrong)


async def _closed(connections: list[Connection], statuses: Counter[int], task: Task, started: float) -> list[float]:
    """Each connection sends the next request as soon as an answer is whole, whole turns until time or count is up."""
    until = started + task.seconds
    left = task.most if task.most is not None else sys.maxsize
    done = asyncio.get_running_loop().create_future()
    busy = len(connections)

    def answered(connection: Connection) -> None:
        nonlocal left, busy
        if connection.amid or (left > 0 and time.perf_counter() < until):
            left -= 1
            connection.send()
            return
        busy -= 1
        if not busy and not done.done():
            done.set_result(None)

    for connection in connections:
        connection.answered = answered
        left -= 1
        connection.send()
    if task.awake:
        _stay_awake(asyncio.get_running_loop(), until)
    lost = [connection.lost for connection in connections]
    timeout = task.seconds + PATIENCE
    await asyncio.wait([done, asyncio.gather(*lost)], timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    return []


def _stay_awake(loop: asyncio.AbstractEventLoop, until: float) -> None:
    """Keeps the loop from sleeping: the server would pay for waking it, a slow one most often."""
    if time.perf_counter() < until:
        loop.call_soon(_stay_awake, loop, until)


async def _scheduled(connections: list[Connection], rate: float, started: float, seconds: float) -> list[float]:
    """Requests arrive by chance (Poisson), answered or not: a wait for a free connection counts as latency."""
    chance = random.Random(1)
    latencies: list[float] = []
    idle = deque(connections)
    backlog: deque[float] = deque()
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    due = started + chance.expovariate(rate)
    until = started + seconds

    def answered(connection: Connection) -> None:
        latencies.append(time.perf_counter() - connection.due)
        if backlog:
            connection.due = backlog.popleft()
            connection.send()
        else:
            idle.append(connection)

    def tick() -> None:
        nonlocal due
        now = time.perf_counter()
        while due <= now and due < until:
            if idle:
                connection = idle.popleft()
                connection.due = due
                connection.send()
            else:
                backlog.append(due)
            due += chance.expovariate(rate)
        if (due >= until and len(idle) == len(connections)) or now > until + PATIENCE:
            done.set_result(None)
        else:
            loop.call_soon(tick)

    for connection in connections:
        connection.answered = answered
    tick()
    await done
    return latencies


def percentiles(values: list[float]) -> dict[str, float]:
    """The nearest-rank percentiles of values; none of nothing."""
    ordered = sorted(values)
    if not ordered:
        return {}
    return {f"{each:g}": ordered[min(len(ordered) - 1, int(len(ordered) * each / 100))] for each in PERCENTILES}


def task_of(asked: dict[str, Any]) -> Task:
    return Task(**asked)


def main() -> None:
    """Reads a task from standard input, writes the load to standard output."""
    import uvloop

    task = task_of(json.load(sys.stdin))
    gc.disable()
    print(json.dumps(asdict(uvloop.run(run(task)))))


if __name__ == "__main__":
    main()
