"""The plugin in pytest runs of its own: registration, options, isolation, and what a failure looks like."""

from __future__ import annotations

import pytest

from mockserver import testing
from tests.unit.testing.conftest import Run

pytest_plugins = ["pytester"]


def test_each_test_starts_from_the_seeds_with_what_was_loaded_once(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest
        from datetime import UTC, datetime
        from urllib.parse import urlsplit

        TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
        ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
        seen, worlds = set(), set()

        @pytest.mark.parametrize("number", range(5))
        def test_change_everything(mockserver, number):
            assert mockserver.state["tables"][TABLE]["followers"] == []
            assert len(mockserver.requests) == 0
            assert mockserver.clock.now.year < 2100
            mockserver.live
            mockserver.client.put(f"/v1/tables/{TABLE}/followers", json=ADMIN).raise_for_status()
            mockserver.clock.freeze(datetime(2100, 1, 1, tzinfo=UTC))
            mockserver.fault(status=500)
            mockserver.client.headers["Authorization"] = "nonsense"
            seen.add((urlsplit(mockserver.live.url).netloc, id(mockserver.contract)))
            worlds.add(mockserver.world)

        def test_one_contract_and_one_server_were_enough(mockserver):
            assert len(seen) == 1
            assert len(worlds) == 5
    """)

    run().assert_outcomes(passed=6)


def test_each_combination_has_a_server_of_its_own(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest
        from urllib.parse import urlsplit

        urls = set()

        @pytest.mark.parametrize("again", range(2))
        @pytest.mark.parametrize("profile", [
            pytest.param(profile, marks=pytest.mark.mockserver(profile=profile)) for profile in ("docs", "server-2.0")
        ])
        def test_start(mockserver, profile, again):
            urls.add((profile, urlsplit(mockserver.live.url).netloc))

        def test_two():
            assert len(urls) == 2 == len({url for _, url in urls})
    """)

    run().assert_outcomes(passed=5)


def test_markers_of_module_class_and_function_add_up(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest

        pytestmark = pytest.mark.mockserver(profile="server-2.0")
        FOLLOWERS = "/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3/followers"
        ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"

        @pytest.mark.mockserver(auth=False)
        class TestBoth:
            def test_class(self, mockserver):
                assert "authorization" not in mockserver.client.headers
                assert "eventType" in mockserver.client.put(FOLLOWERS, json=ADMIN).json()

            @pytest.mark.mockserver(profile="docs", auth=True)
            def test_function(self, mockserver):
                assert "authorization" in mockserver.client.headers
                assert "eventType" not in mockserver.client.put(FOLLOWERS, json=ADMIN).json()
    """)

    run().assert_outcomes(passed=2)


def test_a_client_is_closed_when_its_test_ends(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        clients = []

        def test_use(mockserver):
            clients.extend([mockserver.client, mockserver.client_for("guest")])
            assert not any(client.is_closed for client in clients)

        def test_later():
            assert len(clients) == 2
            assert all(client.is_closed for client in clients)
    """)

    run().assert_outcomes(passed=2)


def test_the_seed_decides_about_new_ids(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest

        ids = []

        @pytest.mark.parametrize("seed", [
            pytest.param(seed, marks=pytest.mark.mockserver(seed=seed)) for seed in (1, 2, 1)
        ])
        def test_create(mockserver, seed):
            ids.append(mockserver.client.post("/v1/teams", json={"name": "A", "teamType": "Group"}).json()["id"])

        def test_compare():
            assert ids[0] == ids[2] != ids[1]
    """)

    run().assert_outcomes(passed=4)


def test_ini_options_choose_and_paths_do_not_depend_on_where_pytest_starts(
    pytester: pytest.Pytester, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\nmockserver_fixtures = sets/own.yaml\nmockserver_profile = server-2.0")
    pytester.mkdir("sets").joinpath("own.yaml").write_text(
        "contract: openmetadata\nextends: documented\nrecords: {teams: [{name: Own, teamType: Group}]}\n"
    )
    inner = pytester.mkdir("inner")
    inner.joinpath("test_own.py").write_text(
        "def test_own(mockserver):\n    assert 'Own' in mockserver.state['teams']\n"
        "    assert mockserver.contract.document['info']['version']\n"
    )
    monkeypatch.chdir(inner)

    run("--rootdir", pytester.path, "-c", pytester.path / "tox.ini").assert_outcomes(passed=1)


def test_a_contract_of_ones_own_is_served(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makefile(
        ".yaml",
        openapi="""
            openapi: 3.1.0
            info: {title: Greetings, version: 1.0.0}
            paths:
              /hello:
                get:
                  operationId: hello
                  responses:
                    '200':
                      description: A greeting.
                      content: {application/json: {schema: {type: string}, example: hello}}
        """,
    )
    pytester.makepyfile("""
        import pytest

        @pytest.mark.mockserver(contract="openapi.yaml")
        def test_hello(mockserver):
            assert mockserver.client.get("/hello").json() == "hello"
            mockserver.assert_called("hello", times=1)
            assert dict(mockserver.state) == {}
    """)

    run().assert_outcomes(passed=1)


def test_what_cannot_be_served_is_one_line_without_a_traceback(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.mockserver(contract="openmetdata")
        def test_contract(mockserver): ...

        @pytest.mark.mockserver(fixtures="documentd")
        def test_fixtures(mockserver): ...

        @pytest.mark.mockserver(fixtures="sets/none.yaml")
        def test_file(mockserver): ...

        @pytest.mark.mockserver(profile="server-2")
        def test_profile(mockserver): ...

        @pytest.mark.mockserver(profil="docs")
        def test_argument(mockserver): ...

        @pytest.mark.mockserver("docs")
        def test_position(mockserver): ...
    """)

    result = run()

    result.assert_outcomes(errors=6)
    marker = r"\[@pytest\.mark\.mockserver\(.*\)\]"
    result.stdout.re_match_lines_random(
        [
            rf"mockserver: .*no contract named 'openmetdata'.*did you mean 'openmetadata'\? {marker}",
            rf"mockserver: .*no fixture set .*named 'documentd'.*did you mean 'documented'\? {marker}",
            rf"mockserver: .*sets.none\.yaml: there is no such file {marker}",
            rf"mockserver: .*no profile 'server-2'.*did you mean 'server-2\.0'\? {marker}",
            r"@pytest\.mark\.mockserver: there is no argument profil=; did you mean profile=\?",
            r"@pytest\.mark\.mockserver: 'docs' is given without a name; it takes contract=.*",
        ]
    )
    result.stdout.no_re_match_line(r".*(Traceback|During handling|^E  |\.py:\d+:)")


def test_a_broken_contract_says_all_that_is_wrong_and_is_loaded_once(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeini("[pytest]\nmockserver_contract = broken.yaml")
    pytester.makefile(".yaml", broken="openapi: 3.1.0\ninfo: {title: B}\npaths: {/a: {get: {$ref: '#/no'}}}")
    pytester.makepyfile("""
        import pytest
        from mockserver.testing import local

        loads = []

        @pytest.fixture(autouse=True, scope="module")
        def counted():
            real = local.open_sandbox
            local.open_sandbox = lambda *args, **named: loads.append(1) or real(*args, **named)
            yield
            local.open_sandbox = real

        def test_first(mockserver): ...
        def test_second(mockserver): ...
        def test_loads(): assert len(loads) == 1
    """)

    result = run()

    result.assert_outcomes(errors=2, passed=1)
    result.stdout.re_match_lines([r"mockserver: .*", r".*broken\.yaml:\d+.*"])
    result.stdout.re_match_lines([r".*\[mockserver_contract = broken\.yaml\]"])


def test_a_failure_shows_the_explanation_the_line_and_the_requests(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        FOLLOWERS = "/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3/followers"
        ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"

        def test_near_miss(mockserver):
            mockserver.client.put(FOLLOWERS, json=ADMIN)
            mockserver.assert_called("addTableFollower", times=1, body="another")

        def test_misspelt(mockserver):
            mockserver.assert_not_called("addTabelFollower")

        def test_fault(mockserver):
            mockserver.fault("getTabel", status=500)

        def test_something_else(mockserver):
            answer = mockserver.client.post("/v1/tables", json={})
            assert answer.status_code == 201
    """)

    result = run()

    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "*_ test_near_miss _*",
            '>       mockserver.assert_called("addTableFollower", times=1, body="another")',
            'E       AssertionError: addTableFollower: expected 1 call with body "another"; there was none',
            "E       calls of it that differ:",
            "E         #1 addTableFollower PUT /api/v1/tables/*/followers by admin -> 200",
            'E           body: expected "another", got "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"',
            "test_a_failure_shows_the_explanation_the_line_and_the_requests.py:6: AssertionError",
            "*- mockserver requests -*",
            "#1 addTableFollower PUT *",
            '>       mockserver.assert_not_called("addTabelFollower")',
            "E       ValueError: the contract has no operation 'addTabelFollower'; did you mean 'addTableFollower'?",
            "*- mockserver requests -*",
            "no request reached the server",
            '>       mockserver.fault("getTabel", status=500)',
            "E       ValueError: the contract has no operation like 'getTabel'; did you mean 'getTable'?",
            "*_ test_something_else _*",
            "*- mockserver requests -*",
            '#1 createTable POST /api/v1/tables by admin -> 400: *"columns" is a required property*',
        ]
    )
    result.stdout.no_fnmatch_line("*def check*")


def test_a_fixture_that_fails_shows_the_requests_too(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.fixture
        def table(mockserver):
            mockserver.client.post("/v1/tables", json={}).raise_for_status()

        def test_never_comes_to_it(table):
            pass
    """)

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*- mockserver requests -*", '#1 createTable POST /api/v1/tables by admin -> 400: *"columns" is a required*']
    )


def test_nothing_is_kept_of_a_world_whose_test_has_ended(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import gc

        import pytest

        from mockserver.testing.handle import MockServer

        @pytest.mark.parametrize("number", range(5))
        def test_one_handle_is_there(mockserver, number):
            gc.collect()
            assert [each for each in gc.get_objects() if isinstance(each, MockServer)] == [mockserver]
    """)

    run().assert_outcomes(passed=5)


def test_no_snapshot_of_a_test_makes_room_for_another(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        def test_many(mockserver):
            snapshots = [mockserver.snapshot() for _ in range(1001)]
            snapshots[0].restore()
    """)

    run().assert_outcomes(passed=1)


def test_a_failure_shows_what_was_changed(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        def test_change(mockserver):
            mockserver.client.post("/v1/teams", json={"name": "Research", "teamType": "Group"})
            mockserver.client.delete("/v1/teams/name/Accounting")
            assert mockserver.diff() == []

        def test_no_change(mockserver):
            mockserver.client.get("/v1/teams")
            assert False
    """)

    result = run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "E *first extra item: <updated teams Accounting: changeDescription, deleted, updatedAt, version>",
            "*- mockserver changes -*",
            "updated teams Accounting",
            "  deleted: false -> true",
            "created teams Research",
            "*_ test_no_change _*",
        ]
    )
    assert result.stdout.str().count("mockserver changes") == 1


def test_who_calls_late_is_turned_away_and_meets_no_other_test(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        from concurrent.futures import ThreadPoolExecutor
        from threading import Event
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        import pytest

        pool, ended, done = ThreadPoolExecutor(2), Event(), []

        def follow(call):
            ended.wait(60)
            return call()

        def by_socket(url, token):
            with pytest.raises(HTTPError) as caught:
                urlopen(Request(url + "/v1/teams", headers={"Authorization": f"Bearer {token}"}))
            with caught.value:
                return caught.value.status, caught.value.read().decode()

        def by_client(client):
            answer = client.get("/v1/teams")
            return answer.status_code, answer.text

        def test_start(mockserver):
            url, token, client = mockserver.live.api, mockserver.token(), mockserver._backend.client({})
            done.append(pool.submit(follow, lambda: by_socket(url, token)))
            done.append(pool.submit(follow, lambda: by_client(client)))

        def test_next(mockserver):
            ended.set()
            for each in done:
                status, text = each.result(60)
                assert status == 410
                assert "the world 'world-1' ended with the test that it was made for" in text
            assert len(mockserver.requests) == 0
            pool.shutdown()
    """)

    run().assert_outcomes(passed=2)


def test_a_failure_without_the_fixture_shows_no_requests(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_plain():\n    assert False")

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*mockserver requests*")


def test_pytest_lists_marker_option_and_fixture(run: Run) -> None:
    run("--markers").stdout.fnmatch_lines(["@pytest.mark.mockserver(contract=, fixtures=, profile=*"])
    run("--help").stdout.fnmatch_lines(["*mockserver_fixtures (string):*"])
    run("--fixtures").stdout.fnmatch_lines(["mockserver -- *", "*A stand-in for the API at its seeds*"])


@pytest.mark.parametrize("name", testing.__all__)
def test_a_public_name_is_loaded_when_it_is_asked_for(name: str) -> None:
    assert getattr(testing, name).__name__ == name


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'mockserver\.testing' has no attribute 'Mockserver'"):
        testing.Mockserver  # type: ignore[attr-defined]  # noqa: B018
