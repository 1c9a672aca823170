"""What becomes of a connection whose caller reads slowly, leaves early or stays, and of all of them at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import orjson
import pytest

from mockserver.http.app import App
from mockserver.http.limited import LimitedProtocol
from mockserver.http.live import running
from mockserver.http.sandbox import Sandbox
from mockserver.http.server import Server
from mockserver.world.faults import Fault
from tests.support.live import Line
from tests.support.passing import nothing_left
from tests.support.polling import until

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
LARGE = 900_000
MANY = 100


@pytest.fixture(params=[False, True], ids=["direct", "asgi"])
def listening(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[tuple[str, Server]]:
    with running(App(sandbox), plain_asgi=request.param) as (url, server):
        yield url, server


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    return f"Authorization: Bearer {sandbox.token('admin')}"


@pytest.fixture
def large(listening: tuple[str, Server], token: str) -> str:
    """The path of a record whose answer fills buffers."""
    patch = orjson.dumps([{"op": "add", "path": "/description", "value": "x" * LARGE}])
    with Line(listening[0]) as line:
        media_type = "Content-Type: application/json-patch+json"
        line.say(f"PATCH {TABLE} HTTP/1.1", token, media_type, f"Content-Length: {len(patch)}", body=patch)
        assert line.hear().status == 200
    return TABLE


def asked(line: Line, path: str, token: str, *more: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {line.host}", token, *more, "", "")).encode()


def protocols(server: Server) -> list[Any]:
    return list(server.server_state.connections)


def stalled(server: Server) -> bool:
    return any(each.flow.write_paused for each in protocols(server))


def test_a_caller_that_reads_nothing_is_not_answered_on_and_on(
    listening: tuple[str, Server], sandbox: Sandbox, large: str, token: str
) -> None:
    url, server = listening
    until(lambda: not protocols(server), "the connections are closed")
    seen = sandbox.world.journal.written
    with Line(url) as line, Line(url) as other:
        line.send(asked(line, large, token) * MANY)
        until(lambda: stalled(server), "the answers pile up")
        for _ in range(20):
            other.send(asked(other, "/api/v1/system/version", token))
            assert other.hear().status == 200
        answered = sandbox.world.journal.written - seen - 20
        unsent = max(each.transport.get_write_buffer_size() for each in protocols(server))
        heard = [line.hear() for _ in range(MANY)]

    assert answered < MANY / 2
    assert unsent < 3 * LARGE
    assert {(each.status, len(each.body)) for each in heard} == {(200, len(heard[0].body))}
    assert len(heard[0].body) > LARGE


def test_a_caller_that_leaves_in_the_middle_of_an_answer_leaves_nothing_behind(
    listening: tuple[str, Server], large: str, token: str
) -> None:
    url, server = listening
    with Line(url) as line:
        line.send(asked(line, large, token) * MANY)
        until(lambda: stalled(server), "the answers pile up")

    until(lambda: not protocols(server) and not server.server_state.tasks, "nothing is left")
    with Line(url) as line:
        line.send(asked(line, "/api/v1/system/version", token))
        assert line.hear().status == 200


@pytest.mark.parametrize(
    ("head", "status"), [("x" * 50_000, 414), (" HTTP/9.9", 400), (" HTTP/1.1\r\nX: " + "x" * 66_000, 431)]
)
def test_a_connection_that_was_refused_leaves_nothing_behind(
    listening: tuple[str, Server], head: str, status: int
) -> None:
    url, server = listening
    with nothing_left(LimitedProtocol):
        with Line(url) as line:
            line.send(f"GET /{head}\r\n\r\n".encode())
            assert line.hear().status == status
        until(lambda: not protocols(server), "the connection is lost")


def test_requests_and_connections_are_counted(listening: tuple[str, Server], token: str) -> None:
    url, server = listening
    with ExitStack() as opened:
        lines = [opened.enter_context(Line(url)) for _ in range(3)]
        for line in lines:
            line.send(asked(line, TABLE, token) * 4)
            assert [line.hear().status for _ in range(4)] == [200] * 4
        assert len(server.server_state.connections) == 3
        assert server.server_state.total_requests == 12
    until(lambda: not protocols(server), "the connections are closed")


def test_an_answer_that_is_under_way_is_finished_before_the_end(
    listening: tuple[str, Server], large: str, token: str
) -> None:
    url, server = listening
    with Line(url) as line:
        line.send(asked(line, large, token) * MANY)
        until(lambda: stalled(server), "the answers pile up")
        server.should_exit = True
        until(lambda: not server.servers[0].is_serving(), "the end has begun")
        heard = line.hear()

    assert (heard.status, len(heard.body) > LARGE) == (200, True)


def test_a_kept_line_is_closed_at_the_end(listening: tuple[str, Server], token: str) -> None:
    url, server = listening
    with Line(url) as line:
        line.send(asked(line, TABLE, token))
        assert line.hear().status == 200
        server.should_exit = True
        assert line.is_closed()


def test_a_late_answer_is_waited_for_at_the_end(listening: tuple[str, Server], sandbox: Sandbox, token: str) -> None:
    url, server = listening
    sandbox.world.add_fault(Fault(0, latency=0.3))
    with Line(url) as line:
        line.send(asked(line, TABLE, token))
        until(lambda: server.server_state.tasks, "the request is under way")
        server.should_exit = True
        assert line.hear().status == 200
        assert line.is_closed()
