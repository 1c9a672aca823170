"""What more replicas on the same PostgreSQL add, on cores that all share and with a part of one for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.cases import CONNECTIONS, GET_TABLE, PUT_DELETE, Request, bearer, messages
from bench.database import Database, database
from bench.drive import drive
from bench.generator import Task
from bench.outcome import Bound, Outcome, Table
from bench.processes import GENERATOR_CORE, SERVER_CORE, Server, spent
from bench.recorded import ask, own_tables
from bench.servers import started
from bench.settings import FIXTURES, SCRATCH, Settings
from bench.shares import CannotHold, held

CORES = (SERVER_CORE, GENERATOR_CORE)
COUNTS = (1, 2)
# What each has of a core where they do not share one, and how many there are then.
SHARE = 0.25
COUNTS_HELD = (1, 2, 4)
# Others changed worlds before, and what they did is made up for first.
WARM_SECONDS = 0.5
HEADING = ("replicas", "requests/s", "servers", "database", "generator", "at most, a core each", "of one's")


@dataclass(frozen=True)
class Load:
    """What the connections send, as many of them for each replica.

    `least` is what the most of them must answer in times of one, `least_held` those that are held to a share of a core.
    """

    name: str
    texts: list[list[str]]
    least: float
    least_held: float


@dataclass(frozen=True)
class Cost:
    """A measurement: requests a second, and processor microseconds a request of each part."""

    replicas: int
    rate: float
    servers: float
    database: float
    generator: float

    @property
    def ceiling(self) -> float:
        """Requests a second at which a core would be full, had each replica and the database one of their own.

        The generator is left out: there may be any number of those.
        """
        return 1e6 / max(self.servers / self.replicas, self.database)

    def growth(self, one: Cost) -> float:
        """That in times of what one replica could do."""
        return self.ceiling / one.ceiling


def replicas(settings: Settings) -> Outcome:
    """Requests a second of one and of more, in turn."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=SCRATCH)))
        cluster = stack.enter_context(database())
        servers = [stack.enter_context(_replica(cluster, folder, number)) for number in range(COUNTS[-1])]
        loads = _loads(servers[0])
        _visit(servers)
        shared = [_rounds(servers, COUNTS, cluster, load, settings) for load in loads]
        servers += [
            stack.enter_context(_replica(cluster, folder, number)) for number in range(COUNTS[-1], COUNTS_HELD[-1])
        ]
        _visit(servers)
        try:
            stack.enter_context(held((server.pid for server in servers), SHARE))
        except CannotHold as error:
            return _outcome(loads, shared, [], (str(error),))
        apart = [_rounds(servers, COUNTS_HELD, cluster, load, settings) for load in loads]
    return _outcome(loads, shared, apart, ())


def _replica(cluster: Database, folder: Path, number: int) -> AbstractContextManager[Server]:
    own = folder / str(number)
    own.mkdir()
    options = ("--store", cluster.url, *FIXTURES)
    return started(f"replica {number}", options, own, number=CORES[number % len(CORES)])


def _outcome(
    loads: Sequence[Load], shared: Sequence[list[Cost]], apart: Sequence[list[Cost]], told: tuple[str, ...]
) -> Outcome:
    tables = [_table("", loads, shared)]
    bounds = [
        Bound(f"{load.name}, {COUNTS[-1]} replicas in times of one", costs[-1].rate / costs[0].rate, load.least)
        for load, costs in zip(loads, shared, strict=True)
    ]
    if apart:
        tables.append(_table(f", {SHARE:g} of a core each", loads, apart))
        bounds += [
            Bound(
                f"{load.name}, {COUNTS_HELD[-1]} replicas with {SHARE:g} of a core each in times of one",
                costs[-1].rate / costs[0].rate,
                load.least_held,
            )
            for load, costs in zip(loads, apart, strict=True)
        ]
    return Outcome("replicas", tuple(tables), tuple(bounds), told)


def _table(place: str, loads: Sequence[Load], found: Sequence[list[Cost]]) -> Table:
    rows = [_row(load, each, costs[0]) for load, costs in zip(loads, found, strict=True) for each in costs]
    return Table((f"request{place}", *HEADING), tuple(rows))


def _loads(server: Server) -> list[Load]:
    """One world for all, a world for each connection, and readers of one world beside writers of others."""
    token = server.tokens["admin"]
    tables = own_tables(server, token, CONNECTIONS * COUNTS_HELD[-1])
    worlds = [f"connection-{number}" for number in range(len(tables))]
    for world in worlds:
        ask(server, Request("POST", "/__mock__/worlds", json.dumps({"name": world, "from": "fixtures"})), token)
    reads, writes = (messages(case, tables, bearer(token)) for case in (GET_TABLE, PUT_DELETE))
    apart = [
        messages(PUT_DELETE, [table], f"{bearer(token)}X-Mock-World: {world}\r\n")[0]
        for table, world in zip(tables, worlds, strict=True)
    ]
    # As many of one kind in a row as there are replicas at most, to which the connections go in turn.
    mixed = [apart[at] if at // COUNTS_HELD[-1] % 2 else reads[at] for at in range(len(tables))]
    return [
        Load(GET_TABLE.name, reads, 1.05, 2.0),
        Load(PUT_DELETE.name, writes, 1.0, 1.0),
        Load(f"{PUT_DELETE.name}, a world each", apart, 1.05, 2.0),
        Load(f"{GET_TABLE.name}, others write to worlds of their own", mixed, 1.05, 2.0),
    ]


def _visit(servers: Sequence[Server]) -> None:
    """Lets each server read all worlds, with all that happened in them, before that counts."""
    for server in servers:
        token = server.tokens["admin"]
        worlds = json.loads(ask(server, Request("GET", "/__mock__/worlds"), token))["worlds"]
        for world in worlds:
            ask(server, Request("GET", f"/__world__/{world['name']}/api/v1/system/version"), token)


def _rounds(
    servers: Sequence[Server], counts: Sequence[int], cluster: Database, load: Load, settings: Settings
) -> list[Cost]:
    """The medians for so many replicas each."""
    found: dict[int, list[Cost]] = {count: [] for count in counts}
    for turn in range(settings.rounds + 1):
        for count, costs in found.items():
            ports = [server.port for server in servers[:count]]
            task = Task(ports, WARM_SECONDS, load.texts[: CONNECTIONS * count], awake=False)
            drive(servers[:count], task)
            cost = _cost(servers[:count], cluster, replace(task, seconds=settings.seconds))
            if turn:
                costs.append(cost)
    return [_middle(costs) for costs in found.values()]


def _cost(servers: Sequence[Server], cluster: Database, task: Task) -> Cost:
    before = spent(cluster.pid)
    measured = drive(servers, task)
    kept = spent(cluster.pid) - before
    answers = measured.load.answers
    return Cost(len(servers), measured.rate, measured.cpu, kept / answers * 1e6, measured.load.cpu / answers * 1e6)


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        costs[0].replicas,
        *(median(getattr(each, part) for each in costs) for part in ("rate", "servers", "database", "generator")),
    )


def _row(load: Load, cost: Cost, one: Cost) -> tuple[str, ...]:
    parts = (f"{part:,.1f}" for part in (cost.servers, cost.database, cost.generator))
    return (
        load.name,
        str(cost.replicas),
        f"{cost.rate:,.0f}",
        *parts,
        f"{cost.ceiling:,.0f}",
        f"{cost.growth(one):.2f}",
    )
