"""The application without a socket: what it answers itself, and what it leaves to the engine."""

from __future__ import annotations

import logging

import httpx2
import orjson
import pytest

from mockserver.exchange import Call, Headers, Reply
from mockserver.http.app import App
from mockserver.http.hosts import Hosts
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.world.faults import Fault
from mockserver.world.world import World
from tests.unit.http.conftest import Caller

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"


def test_an_operation_is_answered_by_the_engine(http: httpx2.Client) -> None:
    answer = http.get(TABLE)

    assert answer.status_code == 200
    assert answer.json()["name"] == "agent_performance_summary"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_links_lead_back_to_where_the_caller_came_in(http: httpx2.Client) -> None:
    assert http.get(TABLE, headers={"Host": "127.0.0.1:9000"}).json()["href"] == f"http://127.0.0.1:9000{TABLE}"


def test_head_is_get_without_the_body(http: httpx2.Client) -> None:
    got, head = http.get(TABLE), http.head(TABLE)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content))


def test_options_tells_what_a_path_allows(http: httpx2.Client) -> None:
    answer = http.options("/api/v1/tables")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST, PUT"
    assert "content-length" not in answer.headers


def test_options_on_an_unknown_path_is_not_found(http: httpx2.Client) -> None:
    assert http.options("/api/v1/nothing").status_code == 404


def test_a_refused_method_is_told_what_is_allowed(http: httpx2.Client) -> None:
    answer = http.delete("/api/v1/tables")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST, PUT")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/api/v1/tabels", "/api/v1/tables"),
        ("/openapi.jsn", "/openapi.json"),
        ("/__mok__/health", "/__mock__/health"),
    ],
)
def test_an_unknown_path_names_the_nearest(http: httpx2.Client, path: str, meant: str) -> None:
    answer = http.get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == 404
    assert answer.json()["message"].endswith(f"did you mean {meant}?")


def test_a_preflight_allows_what_the_page_wants_to_send(http: httpx2.Client) -> None:
    wanted = {
        "Origin": "https://app.example.org",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type,x-custom",
    }

    headers = http.options(f"{TABLE}/followers", headers=wanted).headers

    assert headers["access-control-allow-origin"] == "https://app.example.org"
    assert "PUT" in headers["access-control-allow-methods"].split(", ")
    assert headers["access-control-allow-headers"] == "authorization,content-type,x-custom"
    assert headers["vary"] == "Origin"


def test_a_page_of_another_origin_may_read_an_answer_and_its_headers(http: httpx2.Client) -> None:
    origin = {"Origin": "https://app.example.org"}

    headers = http.put(f"{TABLE}/followers", json=ADMIN, headers=origin).headers
    refused = http.get("/api/v1/tabels", headers=origin).headers

    assert headers["access-control-allow-origin"] == refused["access-control-allow-origin"] == origin["Origin"]
    assert headers["access-control-expose-headers"] == "X-OpenMetadata-Change"


def test_a_caller_that_is_no_page_is_told_nothing_of_origins(http: httpx2.Client) -> None:
    assert not [name for name in http.get(TABLE).headers if name.startswith("access-control")]


def test_a_body_of_just_the_limit_is_taken(sandbox: Sandbox, calling: Caller) -> None:
    body = orjson.dumps(ADMIN)
    http = calling(App(sandbox, Settings(body_limit=len(body))))

    assert http.put(f"{TABLE}/followers", json=ADMIN).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused_in_the_contracts_words(
    sandbox: Sandbox, calling: Caller, chunked: bool
) -> None:
    body = orjson.dumps(ADMIN)
    http = calling(App(sandbox, Settings(body_limit=len(body) - 1)))

    answer = http.put(f"{TABLE}/followers", content=iter([body]) if chunked else body)

    assert answer.status_code == 413
    assert answer.json() == {
        "code": 413,
        "errorType": "PAYLOAD_TOO_LARGE",
        "message": f"the body is too large: at most {len(body) - 1} bytes are taken",
    }
    assert [entry.reply.status for entry in sandbox.world.journal] == [413]


@pytest.mark.parametrize("path", [TABLE, "/openapi.json", "/__mock__/health"])
def test_a_name_that_is_not_ours_is_turned_away_everywhere(http: httpx2.Client, path: str) -> None:
    answer = http.get(path, headers={"Host": "rebound.example.org"})

    assert answer.status_code == 421
    assert "rebound.example.org" in answer.text
    assert "--allowed-host" in answer.text


def test_a_name_that_was_turned_away_stays_so_after_a_good_one(http: httpx2.Client) -> None:
    http.get(TABLE)

    assert http.get(TABLE, headers={"Host": "rebound.example.org"}).status_code == 421


def test_an_allowed_name_is_answered(sandbox: Sandbox, calling: Caller) -> None:
    http = calling(App(sandbox, Settings(hosts=Hosts(allowed=[".example.org"]))))

    assert http.get(TABLE, headers={"Host": "mock.example.org"}).status_code == 200


def test_a_host_header_that_is_no_host_is_a_bad_request(http: httpx2.Client) -> None:
    answer = http.get(TABLE, headers={"Host": "localhost/evil"})

    assert answer.status_code == 400
    assert "localhost/evil" in answer.json()["message"]


def test_a_failure_of_the_engine_is_answered_logged_and_written_down(
    sandbox: Sandbox, http: httpx2.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: Call, world: World) -> Reply:
        raise ZeroDivisionError("planted")

    before = sandbox.world.root
    monkeypatch.setattr(sandbox.engine, "handle", fail)
    with caplog.at_level(logging.ERROR):
        answer = http.get(TABLE)

    assert answer.status_code == 500
    assert answer.json()["errorType"] == "INTERNAL_ERROR"
    assert "ZeroDivisionError: planted" in answer.json()["message"]
    assert "Traceback" not in answer.text
    assert "Traceback" in caplog.text
    entries = list(sandbox.world.journal)
    assert [(entry.reply.status, entry.reason and "planted" in entry.reason.message) for entry in entries] == [
        (500, True)
    ]
    assert sandbox.world.root is before


def test_long_headers_weigh_in_the_journal(sandbox: Sandbox, http: httpx2.Client) -> None:
    http.get(TABLE)
    before = sandbox.world.journal.weight
    http.get(TABLE, headers={"X-Long": "x" * 10_000})

    assert sandbox.world.journal.weight > 2 * before + 10_000


def test_a_late_answer_comes_late(sandbox: Sandbox, http: httpx2.Client) -> None:
    sandbox.world.add_fault(Fault(0, latency=60))

    with pytest.raises(httpx2.ReadTimeout):
        http.get(TABLE, timeout=0.05)


def test_a_dropped_connection_ends_without_an_answer(sandbox: Sandbox, http: httpx2.Client) -> None:
    sandbox.world.add_fault(Fault(0, drop=True, remaining=1))

    with pytest.raises(httpx2.RemoteProtocolError):
        http.get(TABLE)
    assert http.get(TABLE).status_code == 200
    assert [entry.reply.drop for entry in sandbox.world.journal] == [True, False]


def test_every_request_of_the_api_is_logged_when_a_log_is_kept(sandbox: Sandbox, calling: Caller) -> None:
    seen: list[tuple[str, int]] = []

    def log(call: Call, reply: Reply, seconds: float) -> Headers:
        seen.append((call.path, reply.status))
        return (("X-Line", str(len(seen))),)

    http = calling(App(sandbox, Settings(log=log, body_limit=3)))

    assert http.get(TABLE).headers["x-line"] == "1"
    assert http.put(f"{TABLE}/followers", json=ADMIN).headers["x-line"] == "2"
    http.get("/__mock__/health")

    assert seen == [(TABLE, 200), (f"{TABLE}/followers", 413)]
    assert calling(App(sandbox)).get(TABLE).headers.get("x-line") is None


def test_another_sandbox_takes_over_between_two_requests(
    seeded: Sandbox, sandbox: Sandbox, app: App, http: httpx2.Client
) -> None:
    http.get("/__mock__/requests")
    http.get(TABLE)
    app.serve(seeded)

    assert http.get("/__mock__/requests").json()["seen"] == len(seeded.world.journal)
    assert len(sandbox.world.journal) == 1


def test_a_header_that_came_twice_is_joined(http: httpx2.Client, sandbox: Sandbox) -> None:
    http.get(TABLE, headers=[("X-Seen", "one"), ("X-Seen", "two"), ("Cookie", "a=1"), ("Cookie", "b=2")])

    headers = next(iter(sandbox.world.journal)).call.headers
    assert (headers["x-seen"], headers["cookie"]) == ("one, two", "a=1; b=2")
