"""One line for each request."""

from __future__ import annotations

import io
import re

import orjson

from mockserver.exchange import Call, Reply
from mockserver.http.requestlog import request_log

CALL = Call("GET", "/api/v1/tables", "limit=1")


def written(format: str, call: Call = CALL, reply: Reply | None = None) -> str:
    stream = io.StringIO()
    request_log(format, stream)(call, reply or Reply(200, b"12345"), 0.00123)
    return stream.getvalue()


def test_a_line_of_text_says_what_was_asked_and_answered() -> None:
    assert re.fullmatch(r"\d\d:\d\d:\d\d GET /api/v1/tables\?limit=1 200 5 B 1\.2 ms\n", written("text"))


def test_a_line_of_json_says_the_same() -> None:
    line = orjson.loads(written("json"))

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert re.fullmatch("[0-9a-f]{32}", line.pop("trace_id"))
    assert re.fullmatch("[0-9a-f]{16}", line.pop("span_id"))
    assert line == {
        "world": "default",
        "method": "GET",
        "target": "/api/v1/tables?limit=1",
        "status": 200,
        "bytes": 5,
        "milliseconds": 1.23,
        "dropped": False,
        "parent_span_id": None,
    }


def test_a_dropped_request_is_said_to_be() -> None:
    assert " dropped " in written("text", reply=Reply(200, drop=True))


def test_a_target_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in written("text", Call("GET", "/\x1b[2J\n"))


def test_a_line_of_json_belongs_to_the_callers_trace() -> None:
    headers = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    line = orjson.loads(written("json", Call("GET", "/", headers=headers)))

    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert line["parent_span_id"] == "b7ad6b7169203331"


def test_the_caller_is_told_where_its_line_is() -> None:
    stream = io.StringIO()
    told = dict(request_log("json", stream)(CALL, Reply(200), 0.0))
    line = orjson.loads(stream.getvalue())

    assert told == {"traceresponse": f"00-{line['trace_id']}-{line['span_id']}-01"}
