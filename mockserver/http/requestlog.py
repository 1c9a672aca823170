"""One line for each request to the API, for people or for programs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

import orjson

from mockserver.exchange import Call, Reply

Log = Callable[[Call, Reply, float], None]


def request_log(format: str, stream: TextIO | None = None) -> Log:
    """A function that writes lines in the format `text` or `json`."""
    written = {"text": text_line, "json": json_line}[format]
    out = sys.stderr if stream is None else stream

    def log(call: Call, reply: Reply, seconds: float) -> None:
        out.write(written(call, reply, seconds))

    return log


def text_line(call: Call, reply: Reply, seconds: float) -> str:
    moment = time.strftime("%H:%M:%S")
    status = "dropped" if reply.drop else reply.status
    return f"{moment} {call.method} {target(call)} {status} {len(reply.body)} B {seconds * 1000:.1f} ms\n"


def json_line(call: Call, reply: Reply, seconds: float) -> str:
    fields = {
        "time": round(time.time(), 3),
        "method": call.method,
        "target": target(call),
        "status": reply.status,
        "bytes": len(reply.body),
        "milliseconds": round(seconds * 1000, 3),
        "dropped": reply.drop,
    }
    return orjson.dumps(fields).decode() + "\n"


def target(call: Call) -> str:
    """Path and query as they were asked for, harmless in a terminal."""
    asked = f"{call.path}?{call.query}" if call.query else call.path
    return asked if asked.isascii() and asked.isprintable() else asked.encode("unicode_escape").decode()
