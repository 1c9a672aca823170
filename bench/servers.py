"""The servers of this project's own runs: the yardsticks, and the server itself in each variant."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import database
from bench.processes import SERVER_CORE, Server, await_answer, await_file, free_port, pinned, running
from bench.settings import SCRATCH

SQLITE, POSTGRES = "sqlite", "postgresql"
FIRST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Variant:
    """A way to start the server: what follows `mockserver serve`."""

    name: str
    options: tuple[str, ...] = ()
    store: str | None = None


PLAIN = Variant("plain ASGI", ("--plain-asgi",))
DIRECT = Variant("direct")
ON_SQLITE = Variant("SQLite", store=SQLITE)
ON_POSTGRES = Variant("PostgreSQL", store=POSTGRES)
VARIANTS = (PLAIN, DIRECT, ON_SQLITE, ON_POSTGRES)

BARE, HELLO = "bare uvicorn", "Starlette hello"
YARDSTICKS = {BARE: "bare", HELLO: "starlette_hello"}


def uvicorn_command(factory: str) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", f"bench.yardsticks:{factory}"),
        *("--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"),
    ]


def our_command(ready: Path) -> list[str]:
    return [sys.executable, "-m", "mockserver", "serve", "--ready-file", str(ready)]


@contextmanager
def yardstick(name: str, answers: Path) -> Iterator[Server]:
    """A bare or Starlette app that answers the bytes recorded in a file."""
    port = free_port()
    log = answers.with_name(f"{YARDSTICKS[name]}.log")
    command = [*pinned(SERVER_CORE), *uvicorn_command(YARDSTICKS[name]), "--port", str(port)]
    with running(command, log, {"BENCH_ANSWERS": str(answers)}) as process:
        await_answer(process, port, FIRST, log)
        yield Server(name, port, process.pid)


@contextmanager
def ours(variant: Variant, *extra: str, name: str | None = None) -> Iterator[Server]:
    """The server itself, with a store of its own."""
    with ExitStack() as stack:
        SCRATCH.mkdir(parents=True, exist_ok=True)
        folder = Path(stack.enter_context(TemporaryDirectory(dir=SCRATCH)))
        store, helpers = stack.enter_context(store_of(variant, folder))
        command = [*variant.options, *store, *extra]
        yield stack.enter_context(started(name or variant.name, command, folder, helpers))


@contextmanager
def started(
    name: str,
    options: Sequence[str],
    folder: Path,
    helpers: tuple[int, ...] = (),
    number: int = SERVER_CORE,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """The server as the command line starts it, on a core."""
    with ExitStack() as stack:
        port, ready, log = free_port(), folder / "ready.json", folder / "server.log"
        command = [*pinned(number), *our_command(ready), "--port", str(port), *options]
        process = stack.enter_context(running(command, log, environment))
        await_file(process, ready, log)
        tokens = json.loads(ready.read_text())["tokens"]
        yield Server(name, port, process.pid, tokens, helpers)


@contextmanager
def store_of(variant: Variant, folder: Path) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """The option that names the variant's store, and the processes that keep it."""
    if variant.store == SQLITE:
        yield ["--store", f"sqlite:///{folder / 'bench.db'}"], ()
    elif variant.store == POSTGRES:
        with database() as cluster:
            yield ["--store", cluster.url], (cluster.pid,)
    else:
        yield [], ()
