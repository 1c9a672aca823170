"""A web server on a free port of this machine that takes what is posted to it, and answers as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

Json = Any


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Json]:
        event: dict[str, Json] = orjson.loads(self.body)
        return event


@dataclass
class Receiver:
    """`answers` are the statuses that are still to be answered, 200 when there are none; None: nothing is, ever."""

    port: int = 0
    answers: list[int | None] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    # Who is kept waiting goes on when the test is over.
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hook"

    @property
    def events(self) -> list[dict[str, Json]]:
        return [each.event for each in self.posted]


@contextmanager
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = made.answers.pop(0) if made.answers else 200
            made.posted.append(Posted(self.path, dict(self.headers.items()), body))
            if status is None:
                made.over.wait()
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"http://localhost:{made.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """The tests say what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
