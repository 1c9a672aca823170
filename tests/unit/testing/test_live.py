"""The server on a socket: the test's own world, whoever else calls in it at the same time."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest

from mockserver.testing import MockServer
from mockserver.testing.local import Local
from tests.unit.testing.catalogue import ADMIN, FOLLOWERS, TABLE, only_here

EACH = 25


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that change over all the time, so that what is not safe goes wrong."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_the_socket_and_the_client_share_a_world(mockserver: MockServer) -> None:
    call(mockserver, "PUT", FOLLOWERS, ADMIN)

    assert mockserver.client.get(f"/v1/tables/{TABLE}?fields=followers").json()["followers"][0]["id"] == ADMIN
    mockserver.assert_called("addTableFollower", times=1, user="admin")


def test_links_lead_to_where_the_caller_came_from(mockserver: MockServer) -> None:
    here = mockserver.client.get(f"/v1/tables/{TABLE}").json()["href"]
    there = call(mockserver, "GET", f"/v1/tables/{TABLE}")["href"]

    assert here == f"{mockserver.api}/v1/tables/{TABLE}"
    assert there == f"{mockserver.live.api}/v1/tables/{TABLE}"


@only_here
@pytest.mark.parametrize("way", ["client", "socket"])
def test_a_request_waits_while_the_test_changes_the_world(mockserver: MockServer, way: str) -> None:
    follow: Callable[[], dict[str, object]] = {
        "client": lambda: mockserver.client.put(FOLLOWERS, json=ADMIN).json(),
        "socket": lambda: call(mockserver, "PUT", FOLLOWERS, ADMIN),
    }[way]
    follow()
    backend = mockserver._backend
    assert isinstance(backend, Local)
    with ThreadPoolExecutor(1) as pool:
        with backend._stage.lock:
            following = pool.submit(follow)
            with pytest.raises(TimeoutError):
                following.result(0.2)
        assert following.result()["id"] == TABLE


@pytest.mark.usefixtures("eager_threads")
def test_no_request_is_halfway_done_for_another(mockserver: MockServer) -> None:
    before = len(mockserver.state["teams"])
    client = mockserver.client
    mockserver.live  # noqa: B018 - started before the race

    def by_client(number: int) -> None:
        body = {"name": f"client {number}", "teamType": "Group"}
        client.post("/v1/teams", json=body).raise_for_status()

    def by_socket(number: int) -> None:
        call(mockserver, "POST", "/v1/teams", {"name": f"socket {number}", "teamType": "Group"})

    with ThreadPoolExecutor(4) as pool:
        both = [pool.submit(by, number) for number in range(EACH) for by in (by_client, by_socket)]
        for each in both:
            each.result()

    assert len(mockserver.state["teams"]) == before + 2 * EACH
    assert [request.number for request in mockserver.requests] == list(range(1, 2 * EACH + 1))


def call(mockserver: MockServer, method: str, path: str, body: object = None) -> dict[str, object]:
    """A call of a client that is not ours."""
    headers = {"Authorization": f"Bearer {mockserver.token()}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(mockserver.live.api + path, data=data, method=method, headers=headers)) as answer:
        found: dict[str, object] = json.load(answer)
        return found
