"""Many callers at once that each follow a script, on one thread: pieces go out at a pace, answers are read or left."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

Script = Callable[[], Iterator[bytes]]
TURN = 64 * 1024
STEP = 0.01
PATIENCE = 30.0


class Crowd:
    """`size` callers of a port, each with one piece in `pace` seconds; who is closed, or done, begins anew."""

    def __init__(self, port: int, size: int, script: Script, *, pace: float = 0.1, reads: bool = True) -> None:
        self._port = port
        self._script = script
        self._pace = pace
        self._reads = reads
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._members = [self._begin() for _ in range(size)]
        self.statuses: set[int] = set()
        self.rounds = 0
        self.failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        for member in self._members:
            member.line.close()
        if self.failure is not None:
            raise self.failure

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Until it is so; what is to come about in the end, whatever else goes on here."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.failure is None, self.failure
            assert time.monotonic() < deadline, f"not after {PATIENCE} seconds: {what}"
            self._ended.wait(STEP)

    def _begin(self) -> Member:
        return Member(connected(self._port), self._script())

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._go_round()
                self.rounds += 1
        except BaseException as failure:
            self.failure = failure

    def _go_round(self) -> None:
        """Evenly, for many at the same instant would be another kind of load."""
        steps = max(round(self._pace / STEP), 1)
        for step in range(steps):
            self._ended.wait(STEP)
            for at in range(step, len(self._members), steps):
                if not self._turn(self._members[at]):
                    self._members[at].line.close()
                    self._members[at] = self._begin()

    def _turn(self, member: Member) -> bool:
        """Whether there is more to come from both sides."""
        try:
            goes_on = member.send()
            heard = member.hear() if self._reads else None
        except ConnectionError:
            return False
        if heard is not None and heard.startswith(b"HTTP/1.1 "):
            self.statuses.add(int(heard[9:12]))
        return goes_on and heard != b""


class Member:
    """One caller and where it is in its script."""

    def __init__(self, line: socket.socket, script: Iterator[bytes]) -> None:
        self.line = line
        self._script = script
        self._unsent = b""

    def send(self) -> bool:
        """Sends the next piece, as much of it as is taken; false at the end of the script."""
        if not self._unsent:
            piece = next(self._script, None)
            if piece is None:
                return False
            self._unsent = piece
        try:
            self._unsent = self._unsent[self.line.send(self._unsent) :]
        except BlockingIOError:
            return True
        return True

    def hear(self) -> bytes | None:
        """What has come; nothing at the end of the line, None when there is nothing yet."""
        try:
            return self.line.recv(TURN)
        except BlockingIOError:
            return None


def connected(port: int) -> socket.socket:
    """A line that waits for nothing once it stands."""
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    line.setblocking(False)
    return line


def permit_many_files(wanted: int) -> None:
    """Raises what this process may open; the machine's own limit must allow it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
