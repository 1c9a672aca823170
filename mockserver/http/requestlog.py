"""One line for each request to the API, for people or for programs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

import orjson

from mockserver.exchange import Call, Headers, Reply

if TYPE_CHECKING:
    from mockserver.http.trace import Trace

# Takes down an answer, and gives the header fields by which the caller finds the line again.
Log = Callable[[Call, Reply, float], Headers]


def request_log(format: str, stream: TextIO | None = None) -> Log:
    """A function that writes lines in the format `text` or `json`."""
    out = sys.stderr if stream is None else stream
    return {"text": _text_log, "json": _json_log}[format](out)


def _text_log(out: TextIO) -> Log:
    def log(call: Call, reply: Reply, seconds: float) -> Headers:
        out.write(text_line(call, reply, seconds))
        return ()

    return log


def _json_log(out: TextIO) -> Log:
    from mockserver.http.trace import trace_of

    def log(call: Call, reply: Reply, seconds: float) -> Headers:
        trace = trace_of(call.headers)
        out.write(json_line(call, reply, seconds, trace))
        return (("traceresponse", trace.response),)

    return log


def together(logs: Sequence[Log]) -> Log | None:
    """One that does what all of them do; None when there is none."""
    if len(logs) < 2:
        return next(iter(logs), None)
    return lambda call, reply, seconds: tuple(field for log in logs for field in log(call, reply, seconds))


def text_line(call: Call, reply: Reply, seconds: float) -> str:
    moment = time.strftime("%H:%M:%S")
    status = "dropped" if reply.drop else reply.status
    return f"{moment} {call.method} {target(call)} {status} {len(reply.body)} B {seconds * 1000:.1f} ms\n"


def json_line(call: Call, reply: Reply, seconds: float, trace: Trace) -> str:
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "world": call.world,
        "method": call.method,
        "target": target(call),
        "status": reply.status,
        "bytes": len(reply.body),
        "milliseconds": round(seconds * 1000, 3),
        "dropped": reply.drop,
        "trace_id": trace.id,
        "span_id": trace.span,
        "parent_span_id": trace.parent,
    }
    return orjson.dumps(fields).decode() + "\n"


def target(call: Call) -> str:
    """Path and query as they were asked for, harmless in a terminal."""
    asked = f"{call.path}?{call.query}" if call.query else call.path
    return asked if asked.isascii() and asked.isprintable() else asked.encode("unicode_escape").decode()
