"""Hundreds of requests in one segment: all are answered, in their order, and none is begun before its turn."""

from __future__ import annotations

from threading import Thread

import orjson
import pytest

from tests.load.attacks import Heads
from tests.load.caller import TABLE
from tests.load.process import MIB, Server
from tests.support.live import Line

MANY = 500
THOUSANDS = 10_000
GROWTH = 8 * MIB


def test_hundreds_in_one_segment_are_answered_in_their_order(server: Server) -> None:
    heads = Heads(server)
    names = [f"nobody-{number}" for number in range(MANY)]
    with Line(server.url) as line:
        line.send(b"".join(heads.of("GET", f"/api/v1/users/name/{name}") for name in names))
        answers = [line.hear() for _ in names]

    assert [answer.status for answer in answers] == [404] * MANY
    assert [name for name, answer in zip(names, answers, strict=True) if name not in answer.body.decode()] == []


def test_reads_and_writes_with_bodies_and_pages_between_them_are_too(server: Server) -> None:
    heads, vote = Heads(server), b'{"updatedVoteType":"votedUp"}'
    turn = [
        heads.of("PUT", f"{TABLE}/vote", length=len(vote)) + vote,
        heads.of("GET", f"{TABLE}?fields=votes"),
        heads.of("GET", "/__mock__/health"),
        heads.of("PUT", f"{TABLE}/vote", chunked=True)
        + b"1d\r\n%s\r\n0\r\n\r\n" % vote.replace(b"votedUp", b"unVoted"),
        heads.of("GET", f"{TABLE}?fields=votes"),
        heads.of("GET", "/openapi.json"),
        heads.of("PUT", f"{TABLE}/vote", length=3) + b"{,}",
    ]
    with Line(server.url) as line:
        line.send(b"".join(turn) * 50)
        for _ in range(50):
            answers = [line.hear() for _ in turn]
            assert [answer.status for answer in answers] == [200, 200, 200, 200, 200, 200, 400]
            assert [orjson.loads(answers[at].body)["votes"]["upVotes"] for at in (1, 4)] == [1, 0]


@pytest.mark.parametrize("padding", ["", "x" * 2000], ids=["small", "large"])
@pytest.mark.parametrize("path", ["/__mock__/health", "/api/v1/system/version"])
def test_thousands_take_no_memory_before_their_turn(server: Server, path: str, padding: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Padding: {padding}\r\n\r\n".encode()
    memory = server.memory()
    server.forget_peak()
    with Line(server.url) as line:
        sending = Thread(target=line.send, args=(request * THOUSANDS,))
        sending.start()
        statuses = {line.hear().status for _ in range(THOUSANDS)}
        sending.join()

    assert statuses == {200}
    assert server.peak() - memory < GROWTH
