"""A head goes out with its body, and what leaves no room for that goes out as uvicorn has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mockserver.http.heads import LARGEST_JOINED
from mockserver.http.wire import ASGIApp, Receive, Scope, Send
from tests.support.feeding import written

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LENGTH = (b"content-length", b"5")


def answering(*bodies: bytes, status: int = 200, headers: Sequence[tuple[bytes, bytes]] = (LENGTH,)) -> ASGIApp:
    """An application whose answer has a body in these pieces."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        for at, body in enumerate(bodies):
            await send({"type": "http.response.body", "body": body, "more_body": at < len(bodies) - 1})

    return app


def parted(writes: list[bytes]) -> tuple[bytes, bytes]:
    head, _, body = b"".join(writes).partition(b"\r\n\r\n")
    return head, body


def test_an_answer_is_one_write() -> None:
    [answer] = written(answering(b"hello"), [REQUEST])
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\ncontent-length: 5\r\n\r\nhello")


def test_heads_that_are_made_once_are_those_of_their_answers() -> None:
    [first, second] = written(answering(b"hello"), [REQUEST, REQUEST])
    assert first == second


def test_an_answer_without_a_body_is_one_write() -> None:
    [answer] = written(answering(b"", status=204, headers=()), [REQUEST])
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert answer.endswith(b"\r\n\r\n")


def test_the_head_of_an_answer_in_pieces_goes_before_them() -> None:
    head, first, second = written(answering(b"hel", b"lo"), [REQUEST])
    assert head.endswith(b"\r\n\r\n")
    assert (first, second) == (b"hel", b"lo")


def test_a_large_body_is_not_copied_to_its_head() -> None:
    large = b"x" * (LARGEST_JOINED + 1)
    head, body = written(answering(large, headers=[(b"content-length", b"%d" % len(large))]), [REQUEST])
    assert head.endswith(b"\r\n\r\n")
    assert body == large


def test_who_asks_for_a_head_gets_nothing_else() -> None:
    answer = b"".join(written(answering(b""), [REQUEST.replace(b"GET", b"HEAD")]))
    assert answer.endswith(b"\r\ncontent-length: 5\r\n\r\n")


def test_a_caller_that_is_to_go_is_told_so() -> None:
    head, body = parted(written(answering(b"hello"), [REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")]))
    assert b"\r\nconnection: close" in head
    assert body == b"hello(closed)"


@pytest.mark.parametrize(
    "headers",
    [
        [(b"transfer-encoding", b"chunked")],
        [],
        [(b"content-length", b"5"), (b"connection", b"close")],
        [(b"Content-Length", b"5")],
    ],
    ids=["chunked", "without a length", "closing", "a name in capitals"],
)
def test_what_uvicorn_acts_on_is_left_to_it(headers: list[tuple[bytes, bytes]]) -> None:
    head, body = parted(written(answering(b"hello", headers=headers), [REQUEST]))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body.removesuffix(b"(closed)") in (b"hello", b"5\r\nhello\r\n0\r\n\r\n")


@pytest.mark.parametrize("bodies", [(b"hell",), (b"hello!",), ()], ids=["short", "long", "none"])
def test_an_answer_of_another_length_than_it_says_ends_the_connection(bodies: tuple[bytes, ...]) -> None:
    whole = b"".join(written(answering(*bodies), [REQUEST, REQUEST]))
    assert whole.count(b"HTTP/1.1 200 OK") <= 1
    assert whole.endswith(b"(closed)")


def test_a_body_is_told_once_and_then_the_end_of_the_answer() -> None:
    told: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        await send({"type": "http.response.body", "body": b"hello"})
        told.append(await receive())

    head = b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n"
    written(app, [head + b"abc"])
    assert told == [{"type": "http.request", "body": b"abc", "more_body": False}, {"type": "http.disconnect"}]


def test_a_body_that_comes_in_pieces_is_told_as_it_comes() -> None:
    told: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            told.append(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        await send({"type": "http.response.body", "body": b"hello"})

    written(app, [b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc", b"def"])
    assert b"".join(told) == b"abcdef"
    assert len(told) > 1
