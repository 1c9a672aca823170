"""Speaks to a program that offers tools over its standard input and output, as an assistant does (MCP)."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Json = Any
PATIENCE = 60.0
HELLO = {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}


@dataclass(frozen=True)
class Answer:
    """What a tool said; `failed` when it said so of itself."""

    text: str
    failed: bool


class Tools:
    """A running program, and the tools that it has."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self._asked = 0
        self._ask("initialize", HELLO)
        self._say({"method": "notifications/initialized"})
        self.names: list[str] = [tool["name"] for tool in self._ask("tools/list", {})["tools"]]

    def call(self, tool: str, **arguments: Json) -> Answer:
        """What one of them answers."""
        said = self._ask("tools/call", {"name": tool, "arguments": arguments})
        return Answer("\n".join(part["text"] for part in said["content"]), said.get("isError", False))

    def _ask(self, method: str, params: Json) -> Json:
        self._asked += 1
        self._say({"id": self._asked, "method": method, "params": params})
        while (said := self._hear(method)).get("id") != self._asked:
            """What it says between, notices of its own, is passed over."""
        if "error" in said:
            pytest.fail(f"{method} {params}: {said['error']}", pytrace=False)
        return said["result"]

    def _say(self, message: Json) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._process.stdin.flush()

    def _hear(self, method: str) -> Json:
        source = self._process.stdout
        assert source is not None
        if not select.select([source], [], [], PATIENCE)[0]:
            pytest.fail(f"no answer to {method} within {PATIENCE:.0f} s:\n{self._log.read_text()}", pytrace=False)
        line = source.readline()
        if not line:
            pytest.fail(f"the program ended at {method}:\n{self._log.read_text()}", pytrace=False)
        return json.loads(line)


@contextmanager
def tools_of(command: list[str | Path], log: Path, environment: Mapping[str, str]) -> Iterator[Tools]:
    """Starts a program, greets it, and ends it in the end."""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "NO_PROXY": "*", **environment},
            # Unbuffered, so that what is waiting for is what has not come.
            bufsize=0,
        )
    try:
        yield Tools(process, log)
    finally:
        process.kill()
        process.communicate()
