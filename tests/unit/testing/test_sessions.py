"""Whole sessions in processes of their own: what the plugin costs where nobody uses it, and workers side by side."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.unit.testing.conftest import Run

pytest_plugins = ["pytester"]

TESTS = 50
NEW_MODULES = """
import sys, json, pytest
before = set(sys.modules)
import mockserver.testing.plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_the_plugin_loads_nothing_but_itself() -> None:
    done = subprocess.run([sys.executable, "-c", NEW_MODULES], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == ["mockserver", "mockserver.testing", "mockserver.testing.plugin"]


def test_a_run_that_does_not_use_the_fixture_loads_nothing_more(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_plain():
            loaded = {name for name in sys.modules if name.partition(".")[0] == "mockserver"}
            assert loaded == {"mockserver", "mockserver.testing", "mockserver.testing.plugin"}
    """)

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_workers_share_nothing(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(f"""
        import json
        import os
        from pathlib import Path
        from urllib.parse import urlsplit
        from urllib.request import Request, urlopen

        import pytest

        TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
        ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
        FOLLOWERS = f"/v1/tables/{{TABLE}}/followers"

        @pytest.mark.parametrize("number", range({TESTS}))
        def test_start_from_the_seeds_and_change_them(mockserver, number):
            worker = os.environ["PYTEST_XDIST_WORKER"]
            Path(f"{{worker}}-{{urlsplit(mockserver.live.url).port}}.port").touch()
            assert mockserver.state["tables"][TABLE]["followers"] == []
            assert "Fresh" not in mockserver.state["teams"]
            assert len(mockserver.requests) == 0

            headers = {{"Authorization": "Bearer " + mockserver.token(), "Content-Type": "application/json"}}
            body = json.dumps({{"name": "Fresh", "teamType": "Group"}}).encode()
            urlopen(Request(mockserver.live.api + "/v1/teams", body, headers)).close()
            mockserver.client.put(FOLLOWERS, json=ADMIN).raise_for_status()
            mockserver.fault(status=500)
            mockserver.clock.advance(days=1000)

            assert len(mockserver.requests) == 2
            assert len(mockserver.state["tables"][TABLE]["followers"]) == 1
    """)

    run("-p", "xdist", "-n", "2").assert_outcomes(passed=TESTS)

    ports = sorted(file.stem.split("-") for file in pytester.path.glob("*.port"))
    assert [worker for worker, _ in ports] == ["gw0", "gw1"]
    assert len({port for _, port in ports}) == 2


def test_nothing_is_left_running_or_open_at_the_end(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeconftest("""
        import asyncio
        import gc
        import socket
        import threading
        from pathlib import Path

        def pytest_unconfigure():
            loops = [each for each in gc.get_objects() if isinstance(each, asyncio.AbstractEventLoop)]
            port = int(Path("port").read_text())
            with socket.socket() as caller:
                refused = caller.connect_ex(("127.0.0.1", port)) != 0
            open_loops = [loop for loop in loops if not loop.is_closed()]
            print(f"refused: {refused}, threads: {threading.active_count()}, loops: {len(open_loops)}")
    """)
    pytester.makepyfile("""
        from pathlib import Path
        from urllib.parse import urlsplit
        from urllib.request import urlopen

        def test_use_everything(mockserver):
            mockserver.client.get("/v1/tables")
            urlopen(mockserver.live.api + "/v1/system/version").close()
            Path("port").write_text(str(urlsplit(mockserver.live.url).port))
    """)

    result = run("-W", "error", "-s")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["refused: True, threads: 1, loops: 0"])
    result.stderr.no_fnmatch_line("*Warning*")
