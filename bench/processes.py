"""Processes under measurement: started on one core, watched through /proc, ended with all that they started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SERVER_CORE, GENERATOR_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STARTUP = 120.0
END = 10.0


class DidNotStart(SystemExit):
    """A server ended, or did not answer in time; the message, with which a run ends, says what it printed last."""


@dataclass(frozen=True)
class Server:
    """A running server; `helpers` are other processes that work for it, such as a database."""

    name: str
    port: int
    pid: int
    tokens: Mapping[str, str] = field(default_factory=dict)
    helpers: tuple[int, ...] = ()

    def cpu(self) -> float:
        """Processor seconds used so far by its processes and its helpers'."""
        return sum(spent(root) for root in (self.pid, *self.helpers))

    def memory(self) -> int:
        """Resident bytes of its own processes."""
        return sum(_memory(pid) for pid in family(self.pid))


def family(pid: int) -> list[int]:
    """A process and everything that it started."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def spent(pid: int) -> float:
    """Processor seconds used so far by a process and everything that it started."""
    return sum(_cpu(each) for each in family(pid))


def _cpu(pid: int) -> float:
    """Of the process and of its children that have ended, so that what a short-lived one used is not lost."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS
    return 0.0


def _memory(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return 0


def core(number: int) -> int:
    """One of the cores that this process may run on, from 0; with one core, all are that one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[number % len(cores)]


def pinned(number: int) -> list[str]:
    """The start of a command that runs on one core."""
    return ["taskset", "-c", str(core(number))]


def surroundings() -> dict[str, str]:
    """This process's environment, in which Python may keep compiled code as it does for everybody."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which is ended whole; what it prints goes to `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**surroundings(), **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(END)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(END)


def await_file(process: subprocess.Popen[bytes], file: Path, log: Path) -> None:
    deadline = time.monotonic() + STARTUP
    while not file.exists():
        _check(process, deadline, log)


def await_answer(process: subprocess.Popen[bytes], port: int, request: bytes, log: Path | None = None) -> bytes:
    """The first answer that the server gives."""
    deadline = time.monotonic() + STARTUP
    while True:
        try:
            return fetch(port, request)
        except OSError:
            _check(process, deadline, log)


def _check(process: subprocess.Popen[bytes], deadline: float, log: Path | None) -> None:
    printed = log.read_text(errors="replace").strip()[-400:] if log else ""
    if process.poll() is not None:
        raise DidNotStart(f"it ended with {process.returncode}: {printed}")
    if time.monotonic() > deadline:
        raise DidNotStart(f"it did not answer within {STARTUP:.0f} s: {printed}")
    time.sleep(0.001)


def fetch(port: int, request: bytes) -> bytes:
    """The whole answer to one request, which asks to close the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    answer = b"".join(chunks)
    if not answer:
        raise ConnectionResetError("no answer")
    return answer
