"""Whoever is too slow is told so, or closed, in the time that was set; progress byte by byte gives no more of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import orjson
import pytest

from tests.load.attacks import Heads, attacks
from tests.load.caller import TABLE
from tests.load.conftest import WAYS, fill
from tests.load.crowd import PATIENCE, Crowd
from tests.load.process import Server, serving
from tests.support.live import Line

SECONDS = 1
ESTABLISHED = 1
SLOW = f"the request did not arrive in {SECONDS} s from its first byte on"


@pytest.fixture(scope="module", params=WAYS)
def impatient(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("impatient"), "--receive-timeout", str(SECONDS), *request.param) as server:
        fill(server)
        yield server


def told(line: Line) -> str:
    """What the 408 says that ends the line."""
    answer = line.hear()
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert line.is_closed()
    return str(orjson.loads(answer.body)["message"])


def test_a_head_that_stops_is_told_that_it_took_too_long(impatient: Server) -> None:
    with Line(impatient.url) as line:
        line.send(Heads(impatient).begun())

        assert told(line) == SLOW


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_stops_is_told_that_it_took_too_long(impatient: Server, chunked: bool) -> None:
    with Line(impatient.url) as line:
        line.send(Heads(impatient).of("PUT", f"{TABLE}/vote", length=None if chunked else 100, chunked=chunked))
        line.send(b"1\r\n{\r\n" if chunked else b"{")

        assert told(line) == SLOW


@pytest.mark.parametrize("name", ["heads that trickle", "bodies that trickle", "chunks that trickle"])
def test_what_trickles_is_told_too(impatient: Server, name: str) -> None:
    attack = attacks(impatient)[name]
    with Crowd(impatient.port, 5, attack.script) as crowd:
        crowd.wait_for(lambda: bool(crowd.statuses), "an answer")

    assert crowd.statuses == {408}


def test_a_request_that_changes_nothing_until_it_is_whole_has_changed_nothing(impatient: Server) -> None:
    with Line(impatient.url) as line:
        line.send(Heads(impatient).of("PUT", f"{TABLE}/vote", length=31) + b'{"updatedVoteType": "votedUp"')
        assert told(line) == SLOW
    with Line(impatient.url) as line:
        line.say(f"GET {TABLE}?fields=votes HTTP/1.1", impatient.authorization)
        assert orjson.loads(line.hear().body)["votes"]["upVotes"] == 0


def test_one_that_comes_behind_an_answer_has_its_own_time(impatient: Server) -> None:
    fault = orjson.dumps({"operation": "getTable", "latency": SECONDS + 1.5, "count": 1})
    heads = Heads(impatient)
    with Line(impatient.url) as line:
        line.say("POST /__mock__/faults HTTP/1.1", f"Content-Length: {len(fault)}", body=fault)
        assert line.hear().status == 201
        line.send(heads.of("GET", TABLE) + heads.of("PUT", f"{TABLE}/vote", length=31) + b'{"updatedVoteType": ')

        assert line.hear().status == 200
        line.send(b'"votedUp"}\n')
        assert line.hear().status == 200


def test_a_reader_who_has_stopped_is_given_up(impatient: Server) -> None:
    request = Heads(impatient).of("GET", "/api/v1/tables?limit=1000")
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=PATIENCE) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(request * 50)
        deadline = time.monotonic() + PATIENCE
        # Asked of the line itself, for whoever reads to find out has not stopped.
        while line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED:
            assert time.monotonic() < deadline
