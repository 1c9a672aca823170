"""Runs the commands of a page as a reader would type them, in a folder of their own, with servers beside them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0
SERVES = re.compile(r"^(?:\w+=\S* +)*mockserver +serve\b")
BOUND = re.compile(r"--port[ =](\d+)")
DEFAULT_PORT = "8585"
INTERPRETERS = {"python": "", "python3": "", "mockserver": "-m mockserver", "pytest": "-m pytest -W error"}
# Assigned variables live on in the next command, as do the folder and the status.
BEFORE = 'set -a; [ -f "$MEMORY/env" ] && . "$MEMORY/env"; cd "$(cat "$MEMORY/cwd")" || exit 99; set -o pipefail'
AFTER = 'MEMORY_STATUS=$?; export -p >"$MEMORY/env"; pwd >"$MEMORY/cwd"; exit $MEMORY_STATUS'
LAST_STATUS = '(exit "${MEMORY_STATUS:-0}")'


class ShellError(AssertionError):
    """A command did something else than the page says."""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    output: str


@dataclass(frozen=True)
class Server:
    """A sandbox that a command started; `alias` is the port that the page gives it."""

    alias: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path


class Shell:
    """A bash of a new user on this machine, for whom `python` and `mockserver` are those of these tests."""

    def __init__(self, root: Path, **environment: str) -> None:
        self.folder = root / "folder"
        self._memory = root / "memory"
        self._tools = root / "bin"
        for folder in (self.folder, self._memory, self._tools, root / "home"):
            folder.mkdir()
        (self._memory / "cwd").write_text(str(self.folder))
        self._servers: dict[str, Server] = {}
        self._written_as: dict[int, str] = {}
        self._started: list[subprocess.Popen[bytes]] = []
        self._files = 0
        self._make_tools()
        self.environment = {
            "PATH": f"{self._tools}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(root / "home"),
            "XDG_STATE_HOME": str(root / "home" / "state"),
            "MEMORY": str(self._memory),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "NO_PROXY": "*",
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            **environment,
        }

    def run(self, line: str) -> Done:
        """Runs a command to its end, or until its patience is over; ports are those of the servers that run."""
        log = self._log()
        script = f"{BEFORE}\n{LAST_STATUS}\n{self.with_real_ports(line)}\n{AFTER}\n"
        process = self._start(["bash", "-c", script], log)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise ShellError(f"`{line}` was not done after {PATIENCE:.0f} s:\n{log.read_text()}") from None
        return Done(code, self.as_written(log.read_text()))

    def serve(self, line: str) -> Server:
        """Starts a server on a free port, and waits until it answers. One on the same port is stopped before."""
        bound = BOUND.search(line)
        alias = bound[1] if bound else DEFAULT_PORT
        if alias in self._servers:
            self._stop(self._servers.pop(alias))
        line = BOUND.sub("--port 0", line) if bound else f"{line} --port 0"
        log = self._log()
        ready = self._ready_file(line)
        ready.unlink(missing_ok=True)
        if "--ready-file" not in line:
            line += f" --ready-file {shlex.quote(str(ready))}"
        script = f"{BEFORE}\n{self.with_real_ports(line).replace('mockserver', 'exec mockserver', 1)}\n"
        process = self._start(["bash", "-c", script], log)
        waited = 0.0
        while not ready.exists():
            try:
                code = process.wait(0.1)
            except subprocess.TimeoutExpired:
                waited += 0.1
                if waited < PATIENCE:
                    continue
                raise ShellError(f"`{line}` did not answer within {PATIENCE:.0f} s:\n{log.read_text()}") from None
            raise ShellError(f"`{line}` ended with {code}:\n{log.read_text()}")
        port = int(json.loads(ready.read_text())["url"].rpartition(":")[2])
        server = self._servers[alias] = Server(alias, port, process, log)
        self._written_as[port] = alias
        return server

    def provide(self, name: str, program: Path) -> None:
        """Makes a program known that is installed elsewhere."""
        self._make_tool(name, shlex.quote(str(program)))

    def close(self) -> None:
        """Stops everything that runs."""
        try:
            for server in self._servers.values():
                self._stop(server)
        finally:
            for process in self._started:
                _kill_group(process)

    def with_real_ports(self, text: str) -> str:
        for server in self._servers.values():
            text = re.sub(rf":{server.alias}\b", f":{server.port}", text)
        return text

    def as_written(self, text: str) -> str:
        """An output with the ports that the page has."""
        for port, alias in self._written_as.items():
            text = re.sub(rf":{port}\b", f":{alias}", text)
        return text

    def _ready_file(self, line: str) -> Path:
        words = shlex.split(line)
        if "--ready-file" in words:
            return Path((self._memory / "cwd").read_text().strip(), words[words.index("--ready-file") + 1])
        return self._memory / f"ready-{self._files}.json"

    def _stop(self, server: Server) -> None:
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(PATIENCE)
        if code:
            raise ShellError(f"the server ended with {code} when it was stopped:\n{server.log.read_text()}")

    def _start(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def _log(self) -> Path:
        self._files += 1
        return self._memory / f"output-{self._files}.txt"

    def _make_tools(self) -> None:
        for name, options in INTERPRETERS.items():
            self._make_tool(name, f"{shlex.quote(sys.executable)} {options}")
        curl = shutil.which("curl")
        if curl is not None:
            # Any answer but a good one is a failure, which is still printed, unless the page takes it as it is.
            careful = 'case " $* " in *" --no-fail "*) ;; *) set -- --fail-with-body "$@" ;; esac\n'
            self._make_tool("curl", shlex.quote(curl), careful)

    def _make_tool(self, name: str, command: str, first: str = "") -> None:
        tool = self._tools / name
        tool.write_text(f'#!/bin/sh\n{first}exec {command} "$@"\n')
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """What a command left behind runs in a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(PATIENCE)
