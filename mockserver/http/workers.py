"""Several processes that serve one address: started, told to stop, and started again when they die."""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import sys
import time
from dataclasses import dataclass, field
from socket import socket
from types import FrameType
from typing import Any

import orjson

from mockserver.http.listening import CannotServe
from mockserver.http.options import Options
from mockserver.http.ready import Crier, Ready
from mockserver.http.reload import Stamp
from mockserver.http.sandbox import Sandbox
from mockserver.http.server import KILLED, STOPPING
from mockserver.http.service import Service, complain

Json = Any
CHUNK = 64 * 1024
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
# Who lived for so long did not die of its start.
LONG_ENOUGH = 10.0
GLANCE_SECONDS = 0.2
COULD_NOT_RUN = 2


@dataclass
class Worker:
    """One process, and the pipe on which it tells what it is at."""

    number: int
    pid: int
    pipe: int
    failures: int
    started: float = field(default_factory=time.monotonic)
    said: bytes = b""
    ready: bool = False


class Workers:
    """The parent of the processes; it serves nothing itself."""

    def __init__(self, options: Options, opened: Sandbox, url: str, crier: Crier, stamped: Stamp) -> None:
        self._options = options
        self._opened = opened
        self._url = url
        self._crier = crier
        self._stamped = stamped
        self._listeners: list[socket] = []
        self._living: dict[int, Worker] = {}
        # When a worker is to be started again, by its number: at what time, after how many failures.
        self._due: dict[int, tuple[float, int]] = {}
        self._told = False
        self._failed: str | None = None
        self._signals = 0
        self._last_signal = 0
        self._selector = selectors.DefaultSelector()
        # Nobody writes to it: it ends when the parent does, however that comes about.
        self._lifeline, self._life = os.pipe()

    def run(self, listeners: list[socket]) -> None:
        """Serves until it is told to stop; CannotServe when a worker cannot be started to begin with."""
        self._listeners = listeners
        previous = {number: signal.signal(number, self._stop) for number in STOPPING}
        try:
            for number in range(self._options.workers):
                self._start(number, 0)
            self._tend()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            os.close(self._life)
            os.close(self._lifeline)
            self._selector.close()
        if self._failed is not None:
            raise CannotServe(self._failed)
        if self._signals > 1:
            raise SystemExit(KILLED + self._last_signal)

    def _tend(self) -> None:
        """Listens to the workers, and starts those again that died."""
        while self._living or (self._due and not self._signals):
            if self._selector.get_map():
                for key, _ in self._selector.select(GLANCE_SECONDS if self._due else None):
                    self._hear(key.data)
            else:
                time.sleep(GLANCE_SECONDS)
            for number, (at, failures) in list(self._due.items()):
                if time.monotonic() >= at and not self._signals:
                    del self._due[number]
                    self._start(number, failures)

    def _start(self, number: int, failures: int) -> None:
        pipe, telling = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal that comes before the child has its own way with it would be passed on twice.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        pid = os.fork()
        if pid == 0:
            os.close(self._life)
            status = 1
            try:
                status = self._serve(number, telling)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        os.close(telling)
        worker = self._living[number] = Worker(number, pid, pipe, failures)
        self._selector.register(pipe, selectors.EVENT_READ, worker)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def _serve(self, number: int, telling: int) -> int:
        """What a worker does, until its end."""
        # Signals of a terminal are for the parent, which passes them on.
        os.setpgid(0, 0)
        for number_of_signal in STOPPING:
            signal.signal(number_of_signal, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        for other, listener in enumerate(self._listeners):
            if other != number:
                listener.close()

        def tell(ready: Ready, line: str) -> None:
            os.write(telling, orjson.dumps({"ready": ready._asdict(), "line": line}) + b"\n")

        try:
            service = Service(self._options, self._opened, self._url, tell, self._stamped)
        except CannotServe as error:
            os.write(telling, orjson.dumps({"failed": str(error)}) + b"\n")
            return COULD_NOT_RUN
        try:
            service.run(self._listeners[number], _nothing, lambda: _end_with(self._lifeline))
        finally:
            service.close()
        return 0

    def _hear(self, worker: Worker) -> None:
        """What a worker says, in lines; the end of it is the worker's end."""
        said = os.read(worker.pipe, CHUNK)
        *lines, worker.said = (worker.said + said).split(b"\n")
        for line in lines:
            self._heed(worker, orjson.loads(line))
        if not said:
            self._bury(worker)

    def _heed(self, worker: Worker, told: Json) -> None:
        if "failed" in told:
            if self._told:
                complain(told["failed"])
            elif not self._signals:
                self._failed = told["failed"]
                self._stop(signal.SIGTERM, None)
            return
        # They all follow their files; one of them says so.
        news = worker.ready and worker.number == 0
        worker.ready = True
        if news or (not self._told and all(each.ready for each in self._living.values())):
            self._told = True
            self._crier.tell(Ready(**told["ready"]), told["line"])

    def _bury(self, worker: Worker) -> None:
        self._selector.unregister(worker.pipe)
        os.close(worker.pipe)
        _, status = os.waitpid(worker.pid, 0)
        del self._living[worker.number]
        if self._signals:
            return
        lived = time.monotonic() - worker.started
        failures = 1 if lived > LONG_ENOUGH else worker.failures + 1
        pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (failures - 1))
        self._due[worker.number] = time.monotonic() + pause, failures
        code = os.waitstatus_to_exitcode(status)
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        complain(f"worker {worker.number} (pid {worker.pid}) {how}, and is started again")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Passes a signal on; connections that come from now on are for those who still listen."""
        self._signals += 1
        self._last_signal = number
        for listener in self._listeners:
            listener.close()
        for worker in self._living.values():
            os.kill(worker.pid, number)


async def _end_with(lifeline: int) -> None:
    """Stops when the parent is gone."""
    asyncio.get_running_loop().add_reader(lifeline, _end, lifeline)


def _end(lifeline: int) -> None:
    asyncio.get_running_loop().remove_reader(lifeline)
    os.kill(os.getpid(), signal.SIGTERM)


def _nothing() -> None:
    """There is no file of the worker's own to be taken away."""
