"""The application on a real socket: what only a connection can show."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import orjson
import pytest

from mockserver.http.app import App
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.world.faults import Fault
from tests.support.live import Line, served

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
FOLLOWERS = f"{TABLE}/followers"
BODY = orjson.dumps("2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4")
LIMIT = 1000


@pytest.fixture(params=[False, True], ids=["direct", "asgi"])
def url(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[str]:
    with served(App(sandbox, Settings(body_limit=LIMIT)), plain_asgi=request.param) as url:
        yield url


@pytest.fixture
def line(url: str) -> Iterator[Line]:
    with Line(url) as line:
        yield line


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    return f"Authorization: Bearer {sandbox.token('admin')}"


def test_a_kept_line_answers_one_call_after_another(line: Line, token: str) -> None:
    for _ in range(3):
        line.say(f"GET {TABLE} HTTP/1.1", token)
        assert line.hear().status == 200


def test_calls_sent_at_once_are_answered_in_their_order(line: Line, token: str) -> None:
    paths = [TABLE, "/openapi.json", FOLLOWERS, f"{TABLE}/versions", "/api/v1/system/version"]
    line.send("".join(f"GET {path} HTTP/1.1\r\nHost: {line.host}\r\n{token}\r\n\r\n" for path in paths).encode())

    assert [line.hear().status for _ in paths] == [200, 200, 405, 200, 200]


def test_a_write_sent_behind_a_read_is_answered_after_it(line: Line, token: str) -> None:
    read = f"GET {TABLE}?fields=followers HTTP/1.1\r\nHost: {line.host}\r\n{token}\r\n\r\n".encode()
    write = f"PUT {FOLLOWERS} HTTP/1.1\r\nHost: {line.host}\r\n{token}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    line.send(read + write + BODY + read)

    first, written, second = line.hear(), line.hear(), line.hear()

    assert (first.status, written.status, second.status) == (200, 200, 200)
    assert orjson.loads(first.body)["followers"] == []
    assert len(orjson.loads(second.body)["followers"]) == 1


def test_a_body_in_small_pieces_is_put_together(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}")
    for at in range(len(BODY)):
        line.send(BODY[at : at + 1])

    assert line.hear().status == 200


def test_a_body_in_chunks_is_put_together(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, "Transfer-Encoding: chunked")
    for piece in (BODY[:10], BODY[10:]):
        line.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    line.send(b"0\r\n\r\n")

    assert line.hear().status == 200


def test_a_slow_caller_does_not_hold_up_another(url: str, line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}")
    line.send(BODY[:5])

    with Line(url) as other:
        other.say(f"GET {TABLE} HTTP/1.1", token)
        assert other.hear().status == 200
    line.send(BODY[5:])
    assert line.hear().status == 200


def test_an_announced_body_over_the_limit_is_refused_before_it_is_sent(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {10**12}")

    answer = line.hear()

    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert orjson.loads(answer.body)["code"] == 413


def test_so_it_is_at_the_control_plane(line: Line) -> None:
    line.say("POST /__mock__/faults HTTP/1.1", f"Content-Length: {10**12}")

    answer = line.hear()

    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_caller_that_waits_to_be_asked_for_its_body_is_told_at_once(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {LIMIT + 1}", "Expect: 100-continue")

    assert line.hear().status == 413


def test_a_caller_that_waits_with_a_good_body_is_asked_for_it(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}", "Expect: 100-continue")

    assert line.hear().status == 100
    line.send(BODY)
    assert line.hear().status == 200


def test_a_caller_that_is_refused_is_not_asked_for_its_body(
    url: str, line: Line, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    expecting = ("Expect: 100-continue", "Transfer-Encoding: chunked")
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, *expecting, body=b"no chunk\r\n")
    with Line(url) as other:
        other.say("GET /api/v1/system/version HTTP/1.1")
        assert other.hear().status == 200

    assert line.hear().status == 400
    assert line.is_closed()
    assert caplog.messages == []


def test_chunks_are_refused_as_soon_as_they_are_over_the_limit(line: Line, token: str) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, "Transfer-Encoding: chunked")
    line.send(b"%x\r\n%s\r\n" % (LIMIT + 1, b"x" * (LIMIT + 1)))

    assert line.hear().status == 413
    line.stop_sending()
    assert line.is_closed()


@pytest.mark.parametrize("size", [LIMIT + 1, 4_000_000])
def test_a_caller_that_sends_it_all_still_hears_why_it_was_refused(line: Line, token: str, size: int) -> None:
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {size}", body=b"x" * size)

    assert line.hear().status == 413
    assert line.is_closed()


def test_a_caller_that_leaves_halfway_changes_nothing(sandbox: Sandbox, url: str, token: str) -> None:
    before = sandbox.world.root
    with Line(url) as line:
        line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}")
        line.send(BODY[:5])
    with Line(url) as line:
        line.say("GET /api/v1/system/version HTTP/1.1")
        assert line.hear().status == 200

    assert sandbox.world.root is before
    assert [entry.operation for entry in sandbox.world.journal] == ["getSystemVersion"]


def test_a_dropped_connection_is_closed_without_a_byte(sandbox: Sandbox, line: Line, token: str) -> None:
    sandbox.world.add_fault(Fault(0, drop=True))
    line.say(f"GET {TABLE} HTTP/1.1", token)

    with pytest.raises(ConnectionError):
        line.hear()


def test_a_dropped_write_is_done_all_the_same(sandbox: Sandbox, line: Line, token: str) -> None:
    before = sandbox.world.root
    sandbox.world.add_fault(Fault(0, drop=True))
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}", body=BODY)

    with pytest.raises(ConnectionError):
        line.hear()
    assert sandbox.world.root is not before


@pytest.mark.parametrize("query", ["", "?a=/b", "?"])
def test_a_target_that_is_a_place_alone_means_its_front_page(url: str, line: Line, query: str) -> None:
    line.say("GET / HTTP/1.1")
    line.say(f"GET {url}{query} HTTP/1.1")

    front, answer = line.hear(), line.hear()
    assert (answer.status, answer.body) == (200, front.body)


def test_a_length_with_zeros_before_it_is_that_length(line: Line, token: str) -> None:
    for _ in range(2):
        line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY):030}", body=BODY)
        assert line.hear().status == 200


@pytest.mark.parametrize("times", [1, 3])
def test_whoever_stops_sending_hears_the_answers_that_take_their_time(
    sandbox: Sandbox, line: Line, token: str, times: int
) -> None:
    sandbox.world.add_fault(Fault(0, operation="getTable", latency=0.1))
    line.send(f"GET {TABLE} HTTP/1.1\r\nHost: {line.host}\r\n{token}\r\n\r\n".encode() * times)
    line.stop_sending()

    assert [line.hear().status for _ in range(times)] == [200] * times
    assert line.is_closed()


def test_so_they_do_when_the_last_request_stays_unfinished(sandbox: Sandbox, line: Line, token: str) -> None:
    sandbox.world.add_fault(Fault(0, operation="getTable", latency=0.1))
    line.say(f"GET {TABLE} HTTP/1.1", token)
    line.say(f"PUT {FOLLOWERS} HTTP/1.1", token, f"Content-Length: {len(BODY)}", body=BODY[1:])
    line.stop_sending()

    assert line.hear().status == 200
    assert line.is_closed()
    assert [entry.operation for entry in sandbox.world.journal] == ["getTable"]


def test_so_they_do_when_what_came_last_is_refused(sandbox: Sandbox, line: Line, token: str) -> None:
    sandbox.world.add_fault(Fault(0, operation="getTable", latency=0.1))
    line.say(f"GET {TABLE} HTTP/1.1", token)
    line.send(b"once upon a time\r\n\r\n")
    line.stop_sending()

    assert [line.hear().status for _ in range(2)] == [200, 400]
    assert line.is_closed()


def test_the_oldest_callers_need_no_host(line: Line, token: str) -> None:
    line.say(f"GET {TABLE} HTTP/1.0", token, host=False)

    answer = line.hear()

    assert answer.status == 200
    assert orjson.loads(answer.body)["href"] == f"http://{line.host}{TABLE}"


def test_all_others_need_one(line: Line, token: str) -> None:
    line.say(f"GET {TABLE} HTTP/1.1", token, host=False)

    answer = line.hear()

    assert (answer.status, answer.headers["connection"]) == (400, "close")
    assert "Host" in orjson.loads(answer.body)["message"]


def test_a_second_host_is_a_bad_request(line: Line) -> None:
    line.say("GET /api/v1/system/version HTTP/1.1", "Host: evil.example.org")

    assert line.hear().status == 400


def test_head_sends_no_body(line: Line, token: str) -> None:
    line.say(f"HEAD {TABLE} HTTP/1.1", token)
    head = line.hear("HEAD")
    line.say(f"GET {TABLE} HTTP/1.1", token)

    assert head.headers["content-length"] == str(len(line.hear().body))


@pytest.mark.parametrize(
    "target", ["*", "http://elsewhere.example.org/api/v1/system/version", "/%zz", "//", "/api//v1"]
)
def test_an_odd_target_is_answered(line: Line, target: str) -> None:
    line.say(f"OPTIONS {target} HTTP/1.1")

    assert line.hear().status in (204, 400, 404)


def test_the_date_is_told_and_the_software_is_not(line: Line) -> None:
    line.say("GET /api/v1/system/version HTTP/1.1")
    headers = line.hear().headers

    assert "date" in headers
    assert "server" not in headers


def test_many_callers_at_once_each_get_their_own_answer(url: str, token: str) -> None:
    failures: list[str] = []

    def call(number: int) -> None:
        with Line(url) as line:
            for turn in range(20):
                wanted = f"Nobody-{number}-{turn}"
                line.say(f"GET /api/v1/users/name/{wanted} HTTP/1.1", token)
                answer = line.hear()
                if answer.status != 404 or wanted not in answer.body.decode():
                    failures.append(f"{wanted}: {answer}")

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
