"""A PostgreSQL of the benchmark's own, on the core that the servers do not run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.processes import GENERATOR_CORE, core, family
from tests.support.postgres import postgres


@dataclass(frozen=True)
class Database:
    """An empty database, and the process that all others of the cluster come from."""

    url: str
    pid: int


@contextmanager
def database() -> Iterator[Database]:
    """Runs for as long as the block; it shares its core with the generator, as its servers' core is theirs alone."""
    with postgres() as cluster:
        pid = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        for each in family(pid):
            os.sched_setaffinity(each, {core(GENERATOR_CORE)})
        yield Database(cluster.fresh(), pid)
