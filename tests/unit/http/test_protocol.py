"""An offer to speak another protocol changes nothing: the request is answered as it would be without."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from mockserver.http.app import App
from mockserver.http.sandbox import Sandbox
from tests.support.live import Line, served

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
BODY = orjson.dumps(ADMIN)
OFFER = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA")


@pytest.fixture(params=[False, True], ids=["direct", "asgi"])
def line(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Line]:
    with served(App(sandbox), plain_asgi=request.param) as url, Line(url) as line:
        yield line


@pytest.fixture
def head(line: Line, sandbox: Sandbox) -> bytes:
    """A request to follow the table, with the offer that the JDK's client makes."""
    lines = (f"PUT {TABLE}/followers HTTP/1.1", f"Host: {line.host}", f"Authorization: Bearer {sandbox.token('admin')}")
    return "\r\n".join([*lines, *OFFER, f"Content-Length: {len(BODY)}", "", ""]).encode()


def follower_heard(line: Line) -> str:
    answer = line.hear()
    assert answer.status == 200, answer.body
    followers = orjson.loads(answer.body)["followers"]
    return str(followers[0]["id"])


def test_the_body_behind_an_offer_to_upgrade_is_read(line: Line, head: bytes) -> None:
    line.send(head + BODY)

    assert follower_heard(line) == ADMIN


def test_a_body_that_comes_later_than_the_offer_is_read(line: Line, head: bytes) -> None:
    line.send(head)
    line.send(BODY[:5])
    line.send(BODY[5:])

    assert follower_heard(line) == ADMIN


def test_an_offer_may_stand_in_several_fields(line: Line, head: bytes) -> None:
    parted = head.replace(b"Connection: Upgrade, HTTP2-Settings", b"Connection: Upgrade\r\nConnection: HTTP2-Settings")
    line.send((parted + BODY) * 2)

    assert [follower_heard(line) for _ in range(2)] == [ADMIN] * 2


def test_what_is_wrong_behind_an_offer_is_said(line: Line, head: bytes) -> None:
    line.send(head.replace(b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked") + b"zz\r\n")

    assert b"no HTTP request: Invalid character in chunk size" in line.hear().body


def test_a_field_without_a_value_stays_in_a_head_with_an_offer(line: Line, head: bytes, sandbox: Sandbox) -> None:
    line.send(head.replace(b"\r\n\r\n", b"\r\nX-Empty:\r\n\r\n") + BODY)

    assert follower_heard(line) == ADMIN
    (entry,) = sandbox.world.journal
    assert entry.call.headers["x-empty"] == ""


def test_requests_behind_one_for_a_tunnel_are_answered(line: Line, head: bytes) -> None:
    tunnel = f"CONNECT /api/v1/tables HTTP/1.1\r\nHost: {line.host}\r\n\r\n".encode()
    line.send(tunnel * 300 + head + BODY)

    assert {line.hear().status for _ in range(300)} == {405}
    assert follower_heard(line) == ADMIN


def test_requests_behind_an_offer_are_answered_too(line: Line, head: bytes) -> None:
    line.send((head + BODY) * 3)

    assert [follower_heard(line) for _ in range(3)] == [ADMIN] * 3
