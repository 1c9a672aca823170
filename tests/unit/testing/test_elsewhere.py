"""Runs of pytest whose worlds are on a server that runs elsewhere: one for all workers, its own or another user's."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mockserver.http.keys import state_folder
from mockserver.testing import MockServer
from mockserver.testing.remote import RemoteServer
from mockserver.testing.wanted import Wanted
from tests.clients.sandbox import DOCS, Sandbox, start
from tests.support.live import free_port
from tests.unit.testing.catalogue import ADMIN, FOLLOWERS, TABLE
from tests.unit.testing.conftest import Run

pytest_plugins = ["pytester"]

TESTS = 50
SECRET = "open sesame"
# Where this user's key is, which runs of pytest look for in a home of their own.
STATE_HOME = str(state_folder().parent)
PASSES = (
    "def test_passes(mockserver):\n    assert mockserver.client.get('/v1/users/loggedInUser').json()['name'] == 'admin'"
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A server that asks for a control token, and signs with a key of its own."""
    folder = tmp_path_factory.mktemp("guarded")
    sandbox = start(DOCS, folder, "--control-token", SECRET, state=folder)
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A server of somebody else, which serves something else and asks nobody for a token on its control plane."""
    folder = tmp_path_factory.mktemp("foreign")
    sandbox = start("server-2.0", folder, "--seed", "7", state=folder)
    yield sandbox
    sandbox.stop()


def test_workers_share_a_server_and_never_meet(
    pytester: pytest.Pytester, run: Run, shared: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", STATE_HOME)
    before = look(shared, "/__mock__/state")
    pytester.makepyfile(f"""
        import json
        import os
        from pathlib import Path
        from urllib.request import Request, urlopen

        import pytest

        TABLE, ADMIN = "{TABLE}", "{ADMIN}"
        FOLLOWERS = "{FOLLOWERS}"

        @pytest.mark.parametrize("number", range({TESTS}))
        def test_start_from_the_seeds_and_change_them(mockserver, number):
            Path(f"{{os.environ['PYTEST_XDIST_WORKER']}}-{{mockserver.world}}.world").touch()
            assert mockserver.url.startswith("{shared.url}/__world__/")
            assert mockserver.diff() == []
            assert len(mockserver.requests) == 0
            assert mockserver.clock.now.year < 2100

            headers = {{"Authorization": "Bearer " + mockserver.token(), "Content-Type": "application/json"}}
            body = json.dumps({{"name": "Fresh", "teamType": "Group"}}).encode()
            urlopen(Request(mockserver.live.api + "/v1/teams", body, headers)).close()
            mockserver.client.put(FOLLOWERS, json=ADMIN).raise_for_status()
            mockserver.snapshot()
            mockserver.fork().client.put("/v1/teams", json={{"name": "Other", "teamType": "Group"}}).raise_for_status()
            mockserver.fault(status=500)
            mockserver.clock.advance(days=100_000)

            assert len(mockserver.requests) == 2
            assert [change.name for change in mockserver.diff()][-1] == "Fresh"
            assert len(mockserver.state["tables"][TABLE]["followers"]) == 1
    """)

    run("-p", "xdist", "-n", "2", "--mockserver-url", shared.url).assert_outcomes(passed=TESTS)

    places = [file.stem.split("-", 1) for file in pytester.path.glob("*.world")]
    assert {worker for worker, _ in places} == {"gw0", "gw1"}
    assert len({world for _, world in places}) == TESTS
    assert [world["name"] for world in look(shared, "/__mock__/worlds")["worlds"]] == ["default"]
    assert look(shared, "/__mock__/state") == before
    assert look(shared, "/__mock__/requests")["requests"] == []


def test_variable_and_ini_option_say_where_too(
    pytester: pytest.Pytester, run: Run, shared: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(f"def test_where(mockserver):\n    assert mockserver.live.url.startswith({shared.url!r})")
    nowhere = f"http://127.0.0.1:{free_port()}"

    pytester.makeini(f"[pytest]\nmockserver_url = {shared.url}/")
    run().assert_outcomes(passed=1)
    pytester.makeini(f"[pytest]\nmockserver_url = {nowhere}")
    monkeypatch.setenv("MOCKSERVER_URL", shared.url)
    run().assert_outcomes(passed=1)
    monkeypatch.setenv("MOCKSERVER_URL", nowhere)
    run("--mockserver-url", shared.url).assert_outcomes(passed=1)


def test_a_server_that_cannot_be_used_is_one_line(
    pytester: pytest.Pytester, run: Run, guarded: Sandbox, shared: Sandbox
) -> None:
    pytester.makepyfile(PASSES)
    pytester.makeini("[pytest]\nfilterwarnings = error")
    nowhere = f"http://127.0.0.1:{free_port()}"

    for url, *more, message in (
        (nowhere, f"mockserver: {nowhere} cannot be reached: *Connection refused* [[]--mockserver-url {nowhere}[]]"),
        ("localhost:8585", "mockserver: 'localhost:8585' is no URL of a server; write it as http://localhost:8585 *"),
        ("http://[::1", "mockserver: 'http://[[]::1' is no URL of a server; write it as http://localhost:8585 *"),
        ("http://a:b@localhost", "mockserver: 'http://a:b@localhost' is no URL of a server; write it as *"),
        (f"{shared.url}/__world__/y", f"mockserver: '{shared.url}/__world__/y' is no URL of a server; write it as *"),
        (f"{shared.url}/api", "mockserver: *GET /__mock__/health: 404, *"),
        (
            guarded.url,
            "--mockserver-control-token",
            "漢",
            "mockserver: the control token cannot be sent in a header; *",
        ),
        (guarded.url, "--mockserver-control-token", "ö", "mockserver: *401, this is not the control token*; give it *"),
        (
            guarded.url,
            "mockserver: *401, the control plane needs the control token*; give it with --mockserver-control*",
        ),
        (guarded.url, "--mockserver-control-token", "x", "mockserver: *401, this is not the control token*; give it *"),
    ):
        result = run("--mockserver-url", url, *more)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([message])
        result.stdout.no_re_match_line(r".*(Traceback|During handling|^E  |\.py:\d+:)")


def test_a_server_that_went_during_a_test_is_one_line(
    pytester: pytest.Pytester, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", STATE_HOME)
    sandbox = start(DOCS, tmp_path)
    pytester.makepyfile(f"""
        import os
        import signal

        import httpx2
        import pytest

        def test_the_last_one(mockserver):
            client = mockserver.client
            os.kill({sandbox.process.pid}, signal.SIGKILL)
            with pytest.raises(httpx2.TransportError):
                while True:
                    client.get("/v1/teams", timeout=60)
    """)

    result = run("--mockserver-url", sandbox.url)
    sandbox.stop()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"mockserver: the world * cannot be taken away: {sandbox.url} cannot be reached: *"])
    result.stdout.no_re_match_line(r".*(Traceback|During handling|^E  |\.py:\d+:)")


def test_a_server_that_is_something_else_is_told_from_ours(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(PASSES)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{"status":"ok"}')

        with ThreadPoolExecutor(1) as pool:
            pool.submit(answer)
            result = run("--mockserver-url", f"http://127.0.0.1:{port}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [f"mockserver: http://127.0.0.1:{port} does not tell its contract: it is no mockserver *"]
    )


def test_what_the_server_does_not_serve_is_refused(pytester: pytest.Pytester, run: Run, shared: Sandbox) -> None:
    pytester.makefile(".yaml", own="contract: openmetadata\nrecords: {}\n")
    pytester.makepyfile("""
        import pytest

        @pytest.mark.mockserver(contract="openmetadata", fixtures="documented", profile="docs", seed=0, auth=True)
        def test_the_same(mockserver): ...

        @pytest.mark.mockserver(profile="server-2.0", seed=3)
        def test_profile_and_seed(mockserver): ...

        @pytest.mark.mockserver(fixtures="own.yaml")
        def test_fixtures(mockserver): ...

        @pytest.mark.mockserver(auth=False)
        def test_auth(mockserver): ...

        @pytest.mark.mockserver(contract="./own")
        def test_contract(mockserver): ...
    """)

    result = run("--mockserver-url", shared.url)

    result.assert_outcomes(passed=1, errors=4)
    result.stdout.re_match_lines_random(
        [
            rf"mockserver: {shared.url} serves profile='docs', not profile='server-2\.0'; seed=0, not seed=3 \[.*",
            rf"mockserver: {shared.url} serves fixtures='documented', not fixtures='.*own\.yaml' \[@pytest\.mark.*",
            rf"mockserver: {shared.url} serves auth=True, not auth=False \[@pytest\.mark\.mockserver\(auth=False\)\]",
            rf"mockserver: {shared.url} serves contract='openmetadata', not contract='.*own' \[@pytest\.mark.*",
        ]
    )


def test_with_the_control_token_the_server_makes_the_tokens(
    pytester: pytest.Pytester, run: Run, guarded: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile("""
        import pytest
        from mockserver.http.sandbox import UnknownUser

        def name(mockserver, token):
            headers = {"Authorization": f"Bearer {token}"}
            body = mockserver.client.get("/v1/users/loggedInUser", headers=headers).json()
            return body.get("name", body.get("message"))

        def test_tokens(mockserver):
            mockserver.clock.advance(days=1000)
            assert name(mockserver, mockserver.token("consumer")) == "consumer"
            assert name(mockserver, mockserver.token("consumer", expired=True)) == "Expired token!"
            short = mockserver.token("guest", lifetime=60)
            assert name(mockserver, short) == "guest"
            mockserver.clock.advance(seconds=62)
            assert name(mockserver, short) == "Expired token!"

        def test_a_user_of_this_world_alone(mockserver):
            mockserver.client.post("/v1/users", json={"name": "nina", "email": "nina@example.org"}).raise_for_status()
            assert name(mockserver, mockserver.token("nina")) == "nina"

        def test_nobody(mockserver):
            with pytest.raises(UnknownUser, match="no user is named 'nina'"):
                mockserver.token("nina")
    """)
    monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", SECRET)

    run("--mockserver-url", guarded.url).assert_outcomes(passed=3)


def test_without_it_a_foreign_key_is_told(pytester: pytest.Pytester, run: Run, foreign: Sandbox) -> None:
    pytester.makepyfile("""
        import pytest

        def test_what_needs_no_token(mockserver):
            mockserver.clock.freeze(1_000)
            assert mockserver.state["teams"]["Accounting"]

        def test_client(mockserver):
            mockserver.client

        @pytest.mark.mockserver(seed=7, profile="server-2.0")
        def test_what_it_serves(mockserver): ...
    """)

    result = run("--mockserver-url", foreign.url)

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["E *it signs with the key of another user or machine. Start it with a control token, *"]
    )


def test_a_world_that_is_left_behind_does_not_stay_for_ever(shared: Sandbox, elsewhere: RemoteServer) -> None:
    left = elsewhere.begin(Wanted())

    assert look(shared, f"/__mock__/worlds/{left.name}")["ttl"] == 24 * 3600
    left.close()


def test_snapshots_that_nobody_holds_are_given_up(shared: Sandbox, elsewhere: RemoteServer) -> None:
    handle = MockServer(elsewhere.begin(Wanted()))
    held = handle.snapshot()
    for number in range(10):
        with handle.snapshot():
            handle.client.post("/v1/teams", json={"name": f"Team {number}", "teamType": "Group"}).raise_for_status()

    assert handle.diff(held) == []
    assert len(look(shared, "/__mock__/worlds")["worlds"]) <= 5
    handle.close()
    assert [world["name"] for world in look(shared, "/__mock__/worlds")["worlds"]] == ["default"]


def test_a_server_that_went_away_is_told_in_the_report(pytester: pytest.Pytester, run: Run, tmp_path: Path) -> None:
    sandbox = start(DOCS, tmp_path)
    pytester.makepyfile(f"""
        import os
        import signal

        def test_ends_it(mockserver):
            os.kill({sandbox.process.pid}, signal.SIGKILL)
            assert False, "this is the failure"
    """)

    result = run("--mockserver-url", sandbox.url)

    sandbox.process.wait()
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["E*this is the failure", "the world world-1 cannot be looked at: *cannot be reached: *"]
    )


def look(sandbox: Sandbox, path: str) -> dict[str, Any]:
    """What the control plane of the server itself says."""
    answer: dict[str, Any] = httpx2.get(sandbox.url + path, trust_env=False).json()
    return answer
