"""The servers under measurement: each a process of its own, pinned to one core."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SERVER_CORE, GENERATOR_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STARTUP = 60.0


@dataclass
class Server:
    """A running server."""

    name: str
    port: int
    pid: int
    tokens: dict[str, str]

    def cpu(self) -> float:
        """Processor seconds used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE


def pinned(core: int) -> list[str]:
    """The start of a command that runs on one core."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core % len(cores)])]


def surroundings() -> dict[str, str]:
    """This process's environment, in which Python may keep compiled code as it does for everybody."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def uvicorn_command(factory: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", f"bench.apps:{factory}", "--port", str(port)),
        *("--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"),
    ]


def our_command(port: int, ready: Path, *extra: str) -> list[str]:
    return [sys.executable, "-m", "mockserver", "serve", "--port", str(port), "--ready-file", str(ready), *extra]


@contextmanager
def yardstick(factory: str, answers: str) -> Iterator[Server]:
    """A bare or Starlette app that answers recorded bytes."""
    port = free_port()
    with _process([*pinned(SERVER_CORE), *uvicorn_command(factory, port)], {"BENCH_ANSWERS": answers}) as process:
        await_answer(process, port, "/")
        yield Server(factory, port, process.pid, {})


@contextmanager
def ours(*extra: str) -> Iterator[Server]:
    """The server itself, as the command line starts it."""
    port = free_port()
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        with _process([*pinned(SERVER_CORE), *our_command(port, ready, *extra)], {}) as process:
            await_file(process, ready)
            yield Server("mockserver", port, process.pid, json.loads(ready.read_text())["tokens"])


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env={**surroundings(), **environment}, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def await_file(process: subprocess.Popen[bytes], file: Path) -> None:
    deadline = time.monotonic() + STARTUP
    while not file.exists():
        _check(process, deadline)


def await_answer(process: subprocess.Popen[bytes], port: int, path: str, headers: str = "") -> bytes:
    """The first answer that the server gives."""
    deadline = time.monotonic() + STARTUP
    while True:
        try:
            return fetch(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n".encode())
        except OSError:
            _check(process, deadline)


def _check(process: subprocess.Popen[bytes], deadline: float) -> None:
    if process.poll() is not None:
        raise RuntimeError(f"the server ended with {process.returncode}")
    if time.monotonic() > deadline:
        raise RuntimeError(f"the server did not answer within {STARTUP} s")
    time.sleep(0.001)


def fetch(port: int, request: bytes) -> bytes:
    """The whole answer to one request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    answer = b"".join(chunks)
    if not answer:
        raise ConnectionResetError("no answer")
    return answer
