"""`mockserver serve` as a process whose memory, files and threads can be looked at from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

PATIENCE = 30.0
MIB = 2**20


@dataclass(frozen=True)
class Server:
    """A running server, and what it wrote down when it was ready."""

    process: subprocess.Popen[bytes]
    url: str
    port: int
    tokens: dict[str, str]

    @property
    def authorization(self) -> str:
        return f"Authorization: Bearer {self.tokens['admin']}"

    def memory(self) -> int:
        """Resident bytes."""
        return self._status("VmRSS") * 1024

    def peak(self) -> int:
        """The most resident bytes since `forget_peak`."""
        return self._status("VmHWM") * 1024

    def forget_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def files(self) -> int:
        """Open file descriptors."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def runs(self) -> bool:
        return self.process.poll() is None

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def serving(folder: Path, *options: str, files: str | None = None) -> Iterator[Server]:
    """A server that stops cleanly and complains of nothing; `files` is what it may open, as prlimit has it."""
    ready_file = folder / "ready.json"
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--ready-file", str(ready_file), *options]
    if files is not None:
        command = ["prlimit", f"--nofile={files}", *command]
    complaints = folder / "stderr.txt"
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    with complaints.open("wb") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        ready = _await_ready(process, ready_file, complaints)
        port = int(ready["url"].rpartition(":")[2])
        yield Server(process, ready["url"], port, ready["tokens"])
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert (status, complaints.read_text()) == (0, "")


def _await_ready(process: subprocess.Popen[bytes], ready_file: Path, complaints: Path) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while not ready_file.exists():
        assert process.poll() is None, complaints.read_text()
        assert time.monotonic() < deadline, "the server did not become ready"
    ready: dict[str, Any] = orjson.loads(ready_file.read_bytes())
    return ready
