"""A well-behaved caller in a process of its own: asks the same again and again, and tells how long its answers take."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
WINDOW = 300
WINDOWS = 8
PATIENCE = 60.0
SLOWER = 5.0
# Others use the machine too: what holds is seen in the best of some windows, or of some more.
ATTEMPTS = 10


@dataclass(frozen=True)
class Caller:
    """Told to over its standard input, it measures."""

    process: subprocess.Popen[str]

    def p99(self) -> float:
        """Seconds that all but one answer in a hundred took at most, in the best of some windows."""
        return min(self._window() for _ in range(WINDOWS))

    def _window(self) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the well-behaved caller was not served"
        return float(line)


class Compared:
    """How much longer a caller waits when the server is disturbed."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._undisturbed: list[float] = []
        self._disturbed: list[float] = []

    def undisturbed(self) -> None:
        self._undisturbed.append(self._caller.p99())

    def disturbed(self) -> None:
        self._disturbed.append(self._caller.p99())

    @property
    def ratio(self) -> float:
        return min(self._disturbed) / min(self._undisturbed)

    def is_open(self) -> bool:
        """Whether another attempt could show what has not been shown yet."""
        return not self._disturbed or (self.ratio >= SLOWER and len(self._disturbed) < ATTEMPTS)


@contextmanager
def calling(port: int, token: str) -> Iterator[Caller]:
    command = [sys.executable, "-m", "tests.load.caller", str(port), token]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Caller(process)
        finally:
            process.kill()


def measure(line: socket.socket, request: bytes) -> float:
    """The 99th percentile of one window; every answer must be a 200."""
    seconds = []
    for _ in range(WINDOW):
        started = time.perf_counter()
        line.sendall(request)
        answer = line.recv(65536)
        while not _is_whole(answer):
            answer += line.recv(65536)
        seconds.append(time.perf_counter() - started)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"answered {answer[:200]!r}")
    return sorted(seconds)[WINDOW * 99 // 100]


def _is_whole(answer: bytes) -> bool:
    if not answer:
        raise SystemExit("the line was closed")
    head, _, body = answer.partition(b"\r\n\r\n")
    return len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0") > 0


def main() -> None:
    """Measures one window for each line that it reads."""
    port, token = sys.argv[1:]
    request = f"GET {TABLE} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE) as line:
        for _ in sys.stdin:
            print(measure(line, request), flush=True)


if __name__ == "__main__":
    main()
