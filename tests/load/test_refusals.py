"""What is beyond the limits, or no HTTP at all, is answered in the contract's shape of errors, with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from tests.load.attacks import Heads
from tests.load.caller import TABLE
from tests.load.conftest import BODY_LIMIT
from tests.load.process import Server
from tests.support.live import Line, Received

TYPES = {
    400: "BAD_REQUEST",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    431: "REQUEST_HEADER_FIELDS_TOO_LARGE",
}
VOTE = f"{TABLE}/vote"


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with Line(server.url) as line:
        yield line


@pytest.fixture
def heads(server: Server) -> Heads:
    return Heads(server)


def refused(line: Line, status: int) -> str:
    """The message of the refusal, after which the line is closed."""
    answer = line.hear()
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert line.is_closed()
    return said(answer, status)


def said(answer: Received, status: int) -> str:
    assert answer.headers["content-type"] == "application/json"
    body = orjson.loads(answer.body)
    assert (answer.status, body["code"]) == (status, status)
    assert set(body) == {"code", "errorType", "message"}
    return str(body["message"])


def test_a_target_as_long_as_is_taken_is_answered_and_a_longer_one_refused(server: Server, line: Line) -> None:
    def target(length: int) -> str:
        return "/api/v1/system/version?" + "x" * (length - len("/api/v1/system/version?"))

    line.say(f"GET {target(48 * 1024)} HTTP/1.1")
    assert line.hear().status == 200
    line.say(f"GET {target(48 * 1024 + 1)} HTTP/1.1")

    assert refused(line, 414) == "the request's target is too long: at most 49,152 bytes are taken"


def test_a_target_without_end_is_refused_before_it_has_come(line: Line) -> None:
    line.send(b"GET /" + b"x" * 60_000)

    assert refused(line, 414) == "the request's target is too long: at most 49,152 bytes are taken"


def test_as_many_fields_as_are_taken_are_read_and_one_more_is_refused(line: Line) -> None:
    fields = [f"X-{number}: 1" for number in range(99)]
    line.say("GET /api/v1/system/version HTTP/1.1", *fields)
    assert line.hear().status == 200
    line.say("GET /api/v1/system/version HTTP/1.1", *fields, "X-More: 1")

    assert refused(line, 431) == "the request has too many header fields: at most 100 are taken"


@pytest.mark.parametrize("size", [1000, 16 * 1024, 1 << 20])
def test_a_head_as_large_as_is_taken_is_read_and_a_larger_one_refused(line: Line, size: int) -> None:
    """However it is cut."""

    def send(length: int) -> None:
        head = f"GET /api/v1/system/version HTTP/1.1\r\nHost: {line.host}\r\nX-Large: ".encode()
        head += b"x" * (length - len(head) - 4) + b"\r\n\r\n"
        for at in range(0, length, size):
            line.send(head[at : at + size])

    send(64 * 1024)
    assert line.hear().status == 200
    send(64 * 1024 + 1)

    assert refused(line, 431) == "the request's head is too large: at most 65,536 bytes are taken"


def test_whoever_sends_it_all_still_hears_why_it_was_refused(line: Line) -> None:
    line.send(b"GET /" + b"x" * 8_000_000)

    assert refused(line, 414) == "the request's target is too long: at most 49,152 bytes are taken"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"hello there\r\n\r\n", "Invalid method"),
        (b"GET / HTTP/9.9\r\n\r\n", "Invalid HTTP version"),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", "Invalid char in url path"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nno field\r\n\r\n", "Invalid header token"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n", "Invalid header value char"),
        (b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", "Invalid character in Content-Length"),
        (b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "Invalid character in Content-Length"),
        (b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n", "Content-Length overflow"),
        (
            b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding can't be present with Content-Length",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "Invalid method"),
    ],
)
def test_what_is_no_http_is_refused_with_what_is_wrong_in_it(line: Line, sent: bytes, why: str) -> None:
    line.send(sent)

    assert refused(line, 400).startswith(f"this is no HTTP request: {why}")


@pytest.mark.parametrize("sent", [b"zz\r\n{}\r\n", b"2\r\n{}{}\r\n", b"ffffffffffffffffffff\r\n"])
def test_chunks_that_are_none_are_refused(line: Line, heads: Heads, sent: bytes) -> None:
    line.send(heads.of("PUT", VOTE, chunked=True) + sent)

    assert refused(line, 400).startswith("this is no HTTP request: ")


def test_chunks_that_are_none_are_refused_when_they_come_late_too(line: Line, heads: Heads) -> None:
    line.send(heads.of("PUT", VOTE, chunked=True) + b"1\r\n{\r\n")
    line.say("GET /api/v1/system/version HTTP/1.1")

    assert refused(line, 400).startswith("this is no HTTP request: ")


def test_a_body_longer_than_it_was_said_to_be_is_read_as_another_request(line: Line, heads: Heads) -> None:
    line.send(heads.of("PUT", VOTE, length=2) + b"{}{}")

    assert said(line.hear(), 400).startswith("[body: ")
    assert refused(line, 400).startswith("this is no HTTP request: ")


def test_a_body_over_the_limit_in_chunks_is_refused(line: Line, heads: Heads) -> None:
    line.send(heads.of("PUT", VOTE, chunked=True) + b"%x\r\n%s" % (10**9, b"x" * (BODY_LIMIT + 1)))

    assert said(line.hear(), 413) == f"the body is too large: at most {BODY_LIMIT:,} bytes are taken"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[" * 100_000, "is not JSON"),
        (b"[" * 200 + b"]" * 200, "is nested deeper than"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "is nested deeper than"),
        (b'{"updatedVoteType":' + b"9" * 200_000 + b"}", "number is infinity"),
        (b'{"updatedVoteType":1e999999999}', "number is infinity"),
        (b'{"updatedVoteType":-' + b"9" * 300 + b"}", "updatedVoteType"),
        (b'{"updatedVoteType":"\xff\xfe"}', "is not JSON"),
        (b'{"updatedVoteType":"\xed\xa0\x80"}', "is not JSON"),
        (b'{"updatedVoteType":"\\ud800"}', "is not JSON"),
        (b"\x00" * 1000, "is not JSON"),
    ],
)
def test_a_body_that_is_not_to_be_read_is_refused_and_the_line_goes_on(
    line: Line, heads: Heads, body: bytes, message: str
) -> None:
    line.send(heads.of("PUT", VOTE, length=len(body)) + body)

    assert message in said(line.hear(), 400)
    line.say("GET /api/v1/system/version HTTP/1.1")
    assert line.hear().status == 200


def test_a_refusal_comes_behind_the_answers_to_what_was_asked_before(line: Line, heads: Heads) -> None:
    line.send(heads.of("GET", TABLE) * 20 + heads.of("GET", "/" + "x" * 60_000))

    assert [line.hear().status for _ in range(20)] == [200] * 20
    assert refused(line, 414) == "the request's target is too long: at most 49,152 bytes are taken"


def test_so_it_does_behind_one_that_is_answered_late(server: Server, line: Line, heads: Heads) -> None:
    fault = orjson.dumps({"operation": "getTable", "latency": 0.3, "count": 1})
    with Line(server.url) as other:
        other.say("POST /__mock__/faults HTTP/1.1", f"Content-Length: {len(fault)}", body=fault)
        assert other.hear().status == 201
    line.send(heads.of("GET", TABLE) + heads.of("PUT", VOTE, chunked=True) + b"zz\r\n")

    assert line.hear().status == 200
    assert refused(line, 400).startswith("this is no HTTP request: ")
