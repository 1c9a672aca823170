"""The tests' end of the SDK's worker: Python lines go there, values and errors come back."""

from __future__ import annotations

import json
import os
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 120.0


@dataclass(frozen=True)
class Failure:
    """An error that the SDK raised: its class, its text, and the status that came from the server, if any."""

    kind: str
    text: str
    code: int | None = None


class Session:
    """A Python of the SDK's environment, fed line by line; its names last until the next `begin`."""

    def __init__(self, python: Path, log: Path) -> None:
        self._log = log
        # Isolated, so that neither the working folder nor the caller's variables reach the SDK's imports.
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [python, "-I", "-W", "ignore", WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "NO_PROXY": "*"},
            )

    def begin(self, **names: str) -> None:
        """Forgets everything but `names`."""
        self._ask({"begin": names})

    def run(self, lines: str) -> None:
        """Runs Python lines; an error in them fails the test."""
        self._expect_value({"run": lines})

    def value(self, expression: str) -> Any:
        """What an expression is worth, models as JSON."""
        return self._expect_value({"value": expression})

    def failure(self, lines: str) -> Failure:
        """The error of lines that must fail; it fails the test when they succeed."""
        answer = self._ask({"run": lines})
        if "raised" not in answer:
            pytest.fail(f"the SDK was expected to fail, and did not: {lines}")
        return Failure(answer["raised"], answer["text"], answer["code"])

    def close(self) -> None:
        # At the end of its input the worker ends by itself.
        self._process.communicate(timeout=PATIENCE)

    def _expect_value(self, request: dict[str, Any]) -> Any:
        answer = self._ask(request)
        if "raised" in answer:
            pytest.fail(f"the SDK raised {answer['raised']}: {answer['text']}\nrunning: {request}")
        return answer["value"]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        source, sink = self._process.stdin, self._process.stdout
        assert source is not None
        assert sink is not None
        source.write(json.dumps(request).encode() + b"\n")
        source.flush()
        if not select.select([sink], [], [], PATIENCE)[0]:
            self._process.kill()
            pytest.fail(f"the SDK did not answer within {PATIENCE:.0f} s: {request}\n{self._log.read_text()}")
        line = sink.readline()
        if not line:
            pytest.fail(f"the SDK's process ended: {request}\n{self._log.read_text()}")
        answer: dict[str, Any] = json.loads(line)
        return answer
