"""`mockserver serve` as a process of its own, as a test holds it."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import orjson

from tests.support.live import PATIENCE

SERVE = [sys.executable, "-m", "mockserver", "serve"]


@dataclass
class Process:
    """A server, and what it wrote down when it was ready."""

    process: subprocess.Popen[str]
    ready_file: Path
    line: str

    @property
    def ready(self) -> dict[str, Any]:
        ready: dict[str, Any] = orjson.loads(self.ready_file.read_bytes())
        return ready

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(self.ready["url"] + path, headers=headers, trust_env=False)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> tuple[int, str]:
        """The exit status and what was said on stderr, once it has ended."""
        said = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, said

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Sends a signal, and waits for the end."""
        self.send(number)
        return self.ended()
