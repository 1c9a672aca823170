"""Servers on real sockets, and callers that say exactly what a test wants said on the line."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from mockserver.http.live import live
from mockserver.http.wire import ASGIApp

PATIENCE = 20.0


@contextmanager
def served(app: ASGIApp, *, plain_asgi: bool = False) -> Iterator[str]:
    """The URL of the application on a free port, for as long as the block runs."""
    with live(app, plain_asgi=plain_asgi) as url:
        yield url


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True)
class Received:
    """One answer as it came; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self.host = parts.netloc
        self._socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=PATIENCE)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._reader.close()
        self._socket.close()

    def say(self, *lines: str, body: bytes = b"", host: bool = True) -> None:
        """Sends a head and a body; the Host header comes by itself."""
        hosts = [f"Host: {self.host}"] if host else []
        self.send("\r\n".join([lines[0], *hosts, *lines[1:], "", ""]).encode("latin-1") + body)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def stop_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def hear(self, method: str = "GET") -> Received:
        """The next answer; ConnectionError when the line is closed instead."""
        first = self._reader.readline()
        if not first:
            raise ConnectionError("the line was closed without an answer")
        headers: dict[str, str] = {}
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        status = int(first.split()[1])
        length = 0 if method == "HEAD" or status in (100, 204, 304) else int(headers.get("content-length", 0))
        return Received(status, headers, self._reader.read(length))

    def is_closed(self) -> bool:
        """Waits for the end of the line, or for more on it."""
        try:
            return self._reader.read(1) == b""
        except ConnectionError:
            return True
