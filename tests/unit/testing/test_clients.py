"""The clients within the process: the same application as on a socket, and the same mishaps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from mockserver.http.sandbox import UnknownUser
from mockserver.testing import MockServer
from tests.unit.testing.catalogue import ADMIN, FOLLOWERS, TABLE, only_here

CALLS = [
    ("GET", f"/v1/tables/{TABLE}?fields=owners,followers", {}, b""),
    ("HEAD", f"/v1/tables/{TABLE}", {}, b""),
    ("PUT", FOLLOWERS, {"Content-Type": "application/json"}, b'"' + ADMIN.encode() + b'"'),
    ("PUT", FOLLOWERS, {"Content-Type": "text/csv"}, b"x"),
    ("PUT", FOLLOWERS, {"Content-Type": "application/json", "Content-Length": "1048577"}, b"x" * 1_048_577),
    ("DELETE", "/v1/tables", {}, b""),
    ("GET", "/v1/tabels", {"Origin": "http://localhost:3000"}, b""),
    ("OPTIONS", "/v1/tables", {"Origin": "http://x.test", "Access-Control-Request-Method": "PUT"}, b""),
    ("GET", "/v1/tables/%E2%82%AC%2F?fields=%20", {}, b""),
    ("GET", "/../__mock__/clock", {}, b""),
]


@pytest.mark.parametrize("path", ["/v1/system/version", "v1/system/version", "{api}/v1/system/version"])
def test_a_path_is_below_the_api_with_and_without_a_slash(mockserver: MockServer, path: str) -> None:
    assert mockserver.client.get(path.format(api=mockserver.api)).json()["version"]


def test_the_client_is_the_admins(mockserver: MockServer) -> None:
    assert mockserver.client.get("/v1/users/loggedInUser").json()["name"] == "admin"
    assert mockserver.client is mockserver.client


def test_others_have_clients_of_their_own(mockserver: MockServer) -> None:
    assert mockserver.client_for("consumer").get("/v1/users/loggedInUser").json()["name"] == "consumer"


def test_a_user_who_is_not_there_has_no_client(mockserver: MockServer) -> None:
    with pytest.raises(UnknownUser, match="no user is named 'consume'; did you mean 'consumer'"):
        mockserver.client_for("consume")


def test_a_user_who_was_just_created_has_a_client(mockserver: MockServer) -> None:
    mockserver.client.post("/v1/users", json={"name": "nina", "email": "nina@example.org"}).raise_for_status()

    assert mockserver.client_for("nina").get("/v1/users/loggedInUser").json()["name"] == "nina"


@only_here
@pytest.mark.parametrize(("method", "path", "headers", "content"), CALLS)
def test_the_process_answers_as_the_socket_does(
    mockserver: MockServer, method: str, path: str, headers: dict[str, str], content: bytes
) -> None:
    mockserver.clock.freeze(1_000)
    here = mockserver.client.request(method, path, headers=headers, content=content)
    mockserver.reset()
    mockserver.clock.freeze(1_000)
    with live_client(mockserver) as client:
        there = client.request(method, path, headers=headers, content=content)

    assert (here.status_code, told(here), here.content) == (there.status_code, told(there), there.content)


def test_a_body_of_unknown_length_is_refused_where_it_gets_too_long(mockserver: MockServer) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(33):
            yield b"x" * 65_536

    answer = mockserver.client.put(FOLLOWERS, content=chunks(), headers={"Content-Type": "application/json"})

    assert answer.status_code == 413
    assert "too large" in answer.json()["message"]


def test_a_body_of_many_chunks_arrives_whole(mockserver: MockServer) -> None:
    description = "x" * 200_000
    mockserver.client.post("/v1/teams", json={"name": "Long", "teamType": "Group", "description": description})

    assert mockserver.state["teams"]["Long"]["description"] == description


@only_here
def test_a_client_reaches_nothing_but_the_mock_server(mockserver: MockServer) -> None:
    with pytest.raises(httpx2.ConnectError, match=r"nothing but http://mockserver.*; not https://example\.org/x"):
        mockserver.client.get("https://example.org/x")


def test_an_asynchronous_client_calls_in_the_same_world(mockserver: MockServer) -> None:
    async def follow() -> int:
        answer = await mockserver.async_client.put(FOLLOWERS, json=ADMIN)
        return answer.status_code

    assert asyncio.run(follow()) == 200
    assert len(mockserver.state["tables"][TABLE]["followers"]) == 1


def test_the_client_works_inside_an_asynchronous_test(mockserver: MockServer) -> None:
    async def version() -> str:
        return str(mockserver.client.get("/v1/system/version").json()["version"])

    assert asyncio.run(version())


def test_threads_may_share_a_client(mockserver: MockServer) -> None:
    client = mockserver.client
    client.get("/v1/tables")
    mockserver.fault(latency=0.05)  # so that they are under way at the same time

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: client.get("/v1/tables").status_code, range(8)))

    assert statuses == [200] * 8
    assert len(mockserver.requests) == 9


@only_here
def test_an_answer_that_comes_too_late_is_a_timeout(mockserver: MockServer) -> None:
    mockserver.fault(latency=60)

    with pytest.raises(httpx2.ReadTimeout, match=r"no answer within 0\.01 seconds"):
        mockserver.client.get("/v1/tables", timeout=0.01)


def test_an_answer_that_comes_late_but_in_time_is_an_answer(mockserver: MockServer) -> None:
    mockserver.fault(latency=0.01)

    assert mockserver.client.get("/v1/tables", timeout=60).elapsed.total_seconds() >= 0.01


def test_a_dropped_connection_is_what_it_is_on_a_socket(mockserver: MockServer) -> None:
    mockserver.fault(drop=True)

    with pytest.raises(httpx2.RemoteProtocolError) as here:
        mockserver.client.get("/v1/tables")
    with live_client(mockserver) as client, pytest.raises(httpx2.RemoteProtocolError) as there:
        client.get("/v1/tables")

    assert str(here.value) == str(there.value)


def test_the_control_plane_is_there_too(mockserver: MockServer) -> None:
    mockserver.client.put(FOLLOWERS, json=ADMIN)

    mockserver.client.post(f"{mockserver.url}/__mock__/reset").raise_for_status()

    assert mockserver.state["tables"][TABLE]["followers"] == []


def live_client(mockserver: MockServer) -> httpx2.Client:
    """A client on a socket that calls the server by the same name and the world by header, so that links are alike."""
    names = {"Host": urlsplit(mockserver.url).netloc, "X-Mock-World": mockserver.world}
    headers = {"Authorization": f"Bearer {mockserver.token()}", **names}
    base_url = urljoin(mockserver.live.url, mockserver.contract.prefix)
    return httpx2.Client(base_url=base_url, headers=headers, trust_env=False)


def told(answer: httpx2.Response) -> dict[str, str]:
    """The header fields, without the one that only a socket's server adds."""
    return {name: value for name, value in answer.headers.items() if name != "date"}
