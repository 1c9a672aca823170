"""A server that is told to stop, as those see it who call it meanwhile."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx2
import orjson
import pytest

from mockserver.http.app import App
from mockserver.http.listening import listen, resolve, url_of
from mockserver.http.server import Server
from tests.support.live import PATIENCE, Line
from tests.support.polling import until
from tests.unit.http.conftest import Start

VERSION = "GET /api/v1/system/version HTTP/1.1"
WORKERS = ["--workers", "2", "--store", "sqlite:///{folder}/worlds.db"]
CALLERS, WARM = 4, 300
KILLED = 128 + signal.SIGTERM


def refuses(url: str) -> bool:
    try:
        Line(url).__exit__(None, None, None)
    except ConnectionError:
        return True
    return False


def test_a_draining_server_is_not_ready_and_goes_on_answering(start: Start) -> None:
    server = start("--drain", "60")
    before = server.get("/readyz")
    server.send(signal.SIGTERM)
    until(lambda: server.get("/readyz").status_code == 503, "it is not ready")

    assert before.status_code == 200
    assert server.get("/readyz").json()["detail"] == "the server is about to stop"
    assert server.get("/livez").status_code == 200
    assert server.get("/api/v1/system/version").status_code == 200
    assert server.ready_file.exists()


def test_it_is_not_ready_as_soon_as_the_signal_is_there(start: Start) -> None:
    server = start("--drain", "60")
    with Line(server.ready["url"]) as line:
        line.say("GET /readyz HTTP/1.1")
        assert line.hear().status == 200
        server.send(signal.SIGTERM)
        # The signal was sent before the request, and is obeyed before it.
        line.say("GET /readyz HTTP/1.1")
        assert line.hear().status == 503


@pytest.mark.parametrize("protocol", [[], ["--plain-asgi"]], ids=["direct", "asgi"])
def test_its_answers_are_the_last_on_their_connections(start: Start, protocol: list[str]) -> None:
    server = start("--drain", "60", *protocol)
    with Line(server.ready["url"]) as line:
        line.say(VERSION)
        first = line.hear()
        server.send(signal.SIGTERM)
        until(lambda: server.get("/readyz").headers.get("connection") == "close", "answers are the last ones")
        line.say(VERSION)
        last = line.hear()

        assert "connection" not in first.headers
        assert (last.status, last.headers["connection"]) == (200, "close")
        assert line.is_closed()


def test_it_refuses_connections_and_ends_well_when_it_has_drained(start: Start) -> None:
    server = start("--drain", "0.2")
    url = server.ready["url"]
    server.send(signal.SIGTERM)
    until(lambda: refuses(url), "it refuses connections")

    assert server.ended() == (0, "")
    assert not server.ready_file.exists()


def test_an_idle_connection_does_not_keep_it(start: Start) -> None:
    server = start()
    with Line(server.ready["url"]) as used, Line(server.ready["url"]) as fresh:
        used.say(VERSION)
        used.hear()
        server.send(signal.SIGTERM)

        assert used.is_closed()
        assert fresh.is_closed()
        assert server.ended() == (0, "")


def test_a_request_that_was_on_its_way_is_answered(start: Start) -> None:
    server = start()
    url = server.ready["url"]
    with Line(url) as used, Line(url) as fresh:
        used.say(VERSION)
        used.hear()
        server.send(signal.SIGTERM)
        until(lambda: refuses(url), "it refuses connections")
        for line in (used, fresh):
            line.say(VERSION)
            answer = line.hear()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert server.ended() == (0, "")


def test_a_connection_that_was_not_taken_yet_is_served(app: App) -> None:
    address = resolve("127.0.0.1", 0)
    listener = listen(address)
    lines: list[Line] = []

    def knock_and_stop() -> None:
        # The loop has had no chance to take the connection when it is told to stop.
        line = Line(url_of(address, listener))
        line.say(VERSION)
        lines.append(line)
        server.should_exit = True

    server = Server(app, knock_and_stop)
    server.run([listener])

    with lines[0] as line:
        assert line.hear().status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(start: Start, number: signal.Signals) -> None:
    server = start("--drain", "3600")
    server.send(signal.SIGTERM)
    until(lambda: server.get("/readyz").status_code == 503, "it is not ready")

    assert server.stop(number) == (128 + number, "")
    assert not server.ready_file.exists()


@dataclass
class Caller:
    """Calls on kept connections until it is refused, and takes down how each call went."""

    name: int
    url: str
    answered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    reset_when_kept: list[str] = field(default_factory=list)
    reset_when_new: list[str] = field(default_factory=list)

    def call(self, warm: Event) -> None:
        while True:
            try:
                line = Line(self.url)
            except ConnectionError:
                return
            with line:
                self._talk(line, warm)

    def _talk(self, line: Line, warm: Event) -> None:
        for turn in range(1_000_000):
            number = len(self.answered) + len(self.reset_when_kept) + len(self.reset_when_new) + 1
            trace = f"{self.name:016x}{number:016x}"
            wanted = f"Nobody-{trace}"
            try:
                line.say(f"GET /api/v1/users/name/{wanted} HTTP/1.1", f"traceparent: 00-{trace}-{number:016x}-01")
                answer = line.hear()
            except ConnectionError:
                (self.reset_when_kept if turn else self.reset_when_new).append(trace)
                return
            self.answered.append(trace)
            if answer.status != 404 or wanted not in answer.body.decode():
                self.wrong.append(trace)
            if number >= WARM:
                warm.set()
            if answer.headers.get("connection") == "close":
                return


@pytest.mark.parametrize("seconds", ["0", "1"])
@pytest.mark.parametrize("kind", [[], ["--plain-asgi"], WORKERS], ids=["direct", "asgi", "workers"])
def test_no_request_is_lost_when_it_stops_under_load(
    start: Start, tmp_path: Path, seconds: str, kind: list[str]
) -> None:
    log = tmp_path / "log.jsonl"
    options = [each.format(folder=tmp_path) for each in kind]
    server = start("--no-auth", "--drain", seconds, "--log-format", "json", *options, log=log)
    callers = [Caller(name, server.ready["url"]) for name in range(1, CALLERS + 1)]
    warm = Event()
    with ThreadPoolExecutor(CALLERS) as pool:
        calling = [pool.submit(caller.call, warm) for caller in callers]
        assert warm.wait(PATIENCE)
        server.send(signal.SIGTERM)
        for each in calling:
            each.result(PATIENCE)
    code, _ = server.ended()
    accepted = [orjson.loads(line)["trace_id"] for line in log.read_text().splitlines()]
    answered = [trace for caller in callers for trace in caller.answered]

    assert code == 0
    assert sorted(answered) == sorted(accepted)
    assert len(answered) > WARM
    assert [caller.wrong for caller in callers] == [[]] * CALLERS
    assert [caller.reset_when_kept for caller in callers] == [[]] * CALLERS


def test_a_stopped_server_is_gone_for_good(start: Start) -> None:
    server = start()
    url = server.ready["url"]
    server.stop(signal.SIGTERM)

    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{url}/readyz", trust_env=False)
