"""What a second replica on the same PostgreSQL adds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cases import GET_TABLE, PUT_DELETE, Case, bearer, messages
from bench.database import database
from bench.drive import Measured, drive, middle
from bench.generator import Task
from bench.outcome import Bound, Outcome, Table
from bench.processes import GENERATOR_CORE, SERVER_CORE, Server
from bench.recorded import own_tables
from bench.servers import started
from bench.settings import FIXTURES, SCRATCH, Settings

CASES = (GET_TABLE, PUT_DELETE)
CORES = (SERVER_CORE, GENERATOR_CORE)
# On two cores the second replica gets what database and generator leave of the second one.
LEAST = 1.05


def replicas(settings: Settings) -> Outcome:
    """Requests a second of one and of two, in turn."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=SCRATCH)))
        cluster = stack.enter_context(database())
        servers = []
        for number in CORES:
            own = folder / str(number)
            own.mkdir()
            options = ("--store", cluster.url, *FIXTURES)
            servers.append(stack.enter_context(started(f"replica {number}", options, own, number=number)))
        found = {case.name: _rounds(servers, case, settings) for case in CASES}
    rows: list[tuple[str, ...]] = []
    bounds = []
    for name, by_count in found.items():
        middles = {count: middle(measured) for count, measured in by_count.items()}
        rows += [(name, str(count), f"{each.rate:,.0f}", f"{each.cpu:,.1f}") for count, each in middles.items()]
        one, two = middles.values()
        bounds.append(Bound(f"{name}, two replicas in times of one", two.rate / one.rate, LEAST))
    heading = ("request", "replicas", "requests/s", "µs CPU a request, database apart")
    return Outcome("replicas", (Table(heading, tuple(rows)),), tuple(bounds))


def _rounds(servers: Sequence[Server], case: Case, settings: Settings) -> dict[int, list[Measured]]:
    token = servers[0].tokens["admin"]
    texts = messages(case, own_tables(servers[0], token), bearer(token))
    found: dict[int, list[Measured]] = {1: [], 2: []}
    for turn in range(settings.rounds + 1):
        for count, measured in found.items():
            ports = [server.port for server in servers[:count]]
            load = drive(servers[:count], Task(ports, settings.seconds, texts, awake=False))
            if turn:
                measured.append(load)
    return found
