"""Connections by the thousand: they are held, disturb nobody, and are refused beyond the most."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

import orjson

from tests.load.caller import SLOWER, Compared, calling
from tests.load.crowd import connected
from tests.load.process import serving
from tests.support.live import Line

IDLE = 10_000
# Few to begin with; more if they are asked for.
USUAL = "1024:12000"
BYTES_EACH = 10 * 1024


def test_ten_thousand_that_say_nothing_disturb_nobody(tmp_path: Path, many_files: None) -> None:
    with (
        serving(tmp_path, files=USUAL) as server,
        calling(server.port, server.tokens["admin"]) as caller,
        ExitStack() as stack,
    ):
        compared = Compared(caller)
        compared.undisturbed()
        memory = server.memory()
        server.forget_peak()
        for _ in range(IDLE):
            stack.enter_context(connected(server.port))
        while compared.is_open():
            compared.disturbed()

        assert server.files() > IDLE
        assert compared.ratio < SLOWER
        assert server.peak() - memory < IDLE * BYTES_EACH


def test_one_more_than_the_most_is_told_so_until_another_goes(tmp_path: Path) -> None:
    with serving(tmp_path, "--max-connections", "3") as server:
        with Line(server.url) as first, Line(server.url), Line(server.url):
            first.say("GET /api/v1/system/version HTTP/1.1")
            assert first.hear().status == 200
            with Line(server.url) as fourth:
                answer = fourth.hear()
                assert fourth.is_closed()
            first.say("GET /api/v1/system/version HTTP/1.1")
            assert first.hear().status == 200
        assert (answer.status, answer.headers["retry-after"], answer.headers["connection"]) == (503, "1", "close")
        assert orjson.loads(answer.body)["message"] == (
            "the server has 3 connections open, as many as it takes; try again later"
        )
        while not served(server.url):
            assert server.runs()


def test_a_machine_that_permits_few_files_has_few_connections_and_no_complaints(tmp_path: Path) -> None:
    with serving(tmp_path, files="400:400") as server, ExitStack() as stack:
        with Line(server.url) as first:
            first.say("GET /api/v1/system/version HTTP/1.1")
            assert first.hear().status == 200
            for _ in range(150):
                stack.enter_context(connected(server.port))
            with Line(server.url) as late:
                assert late.hear().status == 503
            for _ in range(450):
                # Who is turned away at once may not have noticed that he was let in.
                with suppress(ConnectionResetError):
                    stack.enter_context(connected(server.port))
            first.say("GET /api/v1/system/version HTTP/1.1")
            assert first.hear().status == 200
        stack.close()
        while not served(server.url):
            assert server.runs()


def served(url: str) -> bool:
    """Whether there is room for one more."""
    with Line(url) as line:
        line.say("GET /api/v1/system/version HTTP/1.1")
        return line.hear().status == 200
