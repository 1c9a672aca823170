"""A process that has imported everything and forks a `mockserver serve` when asked to, each one to be killed alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from tests.project.tree import ROOT
from tests.support.polling import until

Json = Any


class Nursery:
    """Forks servers, ends them, and knows whether they have ended."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "tests.support.nursery"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def fork(self, arguments: list[str], log: Path) -> int:
        """A new process that runs `mockserver` with these arguments and writes what it says into a file."""
        pid: int = self._ask("fork", arguments, str(log))
        return pid

    def send(self, pid: int, number: signal.Signals) -> None:
        self._ask("send", pid, number)

    def ended(self, pid: int) -> bool:
        """Whether a process has ended; it is then forgotten."""
        done: bool = self._ask("ended", pid)
        return done

    def close(self) -> None:
        self._process.communicate()

    def _ask(self, *question: Json) -> Json:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(question) + b"\n")
        self._process.stdin.flush()
        return orjson.loads(self._process.stdout.readline())


class Server:
    """One server, started as often as a test wants; `log` is what it said on stderr."""

    def __init__(self, nursery: Nursery, folder: Path, *options: str) -> None:
        self._nursery = nursery
        self._ready = folder / "ready.json"
        self._log = folder / "log"
        self._arguments = ["serve", "--port", "0", "--ready-file", str(self._ready), *options]
        self.pid: int | None = None

    def launch(self) -> None:
        """Starts it and does not wait."""
        self._ready.unlink(missing_ok=True)
        self.pid = self._nursery.fork(self._arguments, self._log)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.launch()
        self.wait()

    def wait(self) -> None:
        """Waits until it answers."""
        pid = self.pid
        assert pid is not None
        until(lambda: self._ready.exists() or self._nursery.ended(pid), "the server starts")
        assert self._ready.exists(), self.log

    def end(self, number: signal.Signals) -> None:
        """Sends a signal and waits for the end."""
        pid, self.pid = self.pid, None
        if pid is not None:
            self._nursery.send(pid, number)
            until(lambda: self._nursery.ended(pid), f"the server ends by {number.name}")

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    @property
    def url(self) -> str:
        return str(self._told["url"])

    @property
    def token(self) -> str:
        return str(self._told["tokens"]["admin"])

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def _told(self) -> Json:
        return orjson.loads(self._ready.read_bytes())


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    """One that ends with the block, and with it all that it forked."""
    made = Nursery(environment)
    try:
        yield made
    finally:
        made.close()


class _Forking:
    """The other side of the pipe."""

    def __init__(self) -> None:
        self._children: set[int] = set()

    def serve(self) -> None:
        for line in sys.stdin.buffer:
            name, *arguments = orjson.loads(line)
            answer = getattr(self, name)(*arguments)
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def fork(self, arguments: list[str], log: str) -> int:
        pid = os.fork()
        if pid == 0:
            self._be(arguments, log)
        self._children.add(pid)
        return pid

    def send(self, pid: int, number: int) -> None:
        if pid in self._children:
            os.kill(pid, number)

    def ended(self, pid: int) -> bool:
        if pid in self._children and os.waitpid(pid, os.WNOHANG)[0] == pid:
            self._children.discard(pid)
        return pid not in self._children

    def _be(self, arguments: list[str], log: str) -> None:
        from mockserver.cli import main

        code = 1
        with suppress(BaseException):
            nothing = os.open(os.devnull, os.O_RDWR)
            said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for target, source in ((0, nothing), (1, nothing), (2, said)):
                os.dup2(source, target)
            try:
                main(arguments)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
        os._exit(code)


def _import_all() -> None:
    """What a server imports when it starts with a store, and when it answers its first request."""
    import mockserver.commands.serve
    import mockserver.http.pages
    import mockserver.http.serve
    import mockserver.http.stored
    import mockserver.stores.postgres
    import mockserver.stores.sqlite  # noqa: F401


if __name__ == "__main__":
    _import_all()
    _Forking().serve()
