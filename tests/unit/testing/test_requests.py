"""The requests of a test, and the assertions about them, which say what came instead."""

from __future__ import annotations

from textwrap import dedent
from typing import Any
from unittest.mock import ANY

import pytest

from mockserver.testing import MockServer
from mockserver.testing.local import JOURNAL_SIZE, Local
from tests.unit.testing.catalogue import ADMIN, FOLLOWERS, TABLE, only_elsewhere, only_here

CONSUMER = "6bd32c8e-ddd5-4451-8b41-c2546a35e376"
SHOWN = f"/api/v1/tables/{TABLE}/followers"


def test_a_request_is_told_in_full(mockserver: MockServer) -> None:
    mockserver.client.put(f"{FOLLOWERS}?x=1&x=2&y=", json=ADMIN, headers={"X-Trace": "7"})

    [request] = mockserver.requests
    assert (request.number, request.operation, request.user) == (1, "addTableFollower", "admin")
    assert (request.method, request.path, request.arguments) == ("PUT", SHOWN, {"id": TABLE})
    assert (request.query, request.headers["x-trace"]) == ({"x": ["1", "2"], "y": [""]}, "7")
    assert (request.body, request.content) == (ADMIN, f'"{ADMIN}"'.encode())
    assert (request.status, request.answer["id"], request.reason) == (200, TABLE, None)


def test_a_request_that_is_none_of_the_contracts_is_there_too(mockserver: MockServer) -> None:
    mockserver.client.put("/v1/tabels", content=b"{no json")

    [request] = mockserver.requests
    assert (request.operation, request.user, request.arguments) == (None, None, {})
    assert (request.body, request.status) == ("{no json", 404)
    assert "did you mean /api/v1/tables?" in str(request.reason)


def test_requests_are_chosen_by_operation_user_and_status(mockserver: MockServer) -> None:
    guest = mockserver.client_for("guest")
    guest.put(FOLLOWERS, json=ADMIN)
    guest.get("/v1/tables")
    mockserver.client.put(FOLLOWERS, json=ADMIN)

    requests = mockserver.requests
    assert [request.number for request in requests.to("addTableFollower")] == [1, 3]
    assert [request.number for request in requests.by("guest").answered(200)] == [2]
    assert [request.number for request in requests.refused] == [1]
    assert [request.number for request in requests[1:]] == [2, 3]
    assert requests[-1].user == "admin"
    assert requests[0].body is not None
    assert requests[1].body is None


def test_requests_that_were_asked_for_do_not_grow(mockserver: MockServer) -> None:
    before = mockserver.requests
    mockserver.client.get("/v1/tables")

    assert (len(before), len(mockserver.requests)) == (0, 1)


def test_calls_that_are_as_expected_are_given_back(mockserver: MockServer) -> None:
    for user in ("admin", "consumer"):
        mockserver.client_for(user).put(FOLLOWERS, json=ADMIN)

    assert [call.user for call in mockserver.assert_called("addTableFollower", times=2, body=ADMIN)] == [
        "admin",
        "consumer",
    ]
    assert len(mockserver.assert_called("addTableFollower", user="consumer", status=200)) == 1
    assert mockserver.assert_called("voteTable", times=0) == []
    mockserver.assert_not_called("addTableFollower", user="guest")


def test_a_body_is_compared_whole_or_in_part(mockserver: MockServer) -> None:
    mockserver.client.post("/v1/teams", json={"name": "A", "teamType": "Group", "description": "x"})

    mockserver.assert_called("createTeam", body={"name": "A", "teamType": ANY, "description": "x"})
    mockserver.assert_called("createTeam", body_contains={"name": "A"})
    with pytest.raises(AssertionError, match="body: a member 'description' was not expected"):
        mockserver.assert_called("createTeam", body={"name": "A", "teamType": "Group"})
    with pytest.raises(AssertionError, match='body /description: expected "y", got "x"'):
        mockserver.assert_called("createTeam", body_contains={"description": "y"})


def test_queries_are_compared_as_they_are_written(mockserver: MockServer) -> None:
    mockserver.client.get("/v1/tables?limit=2&fields=owners&fields=tags&x=true")

    mockserver.assert_called("listTables", query={"limit": 2, "fields": ["owners", "tags"], "x": True, "after": None})
    with pytest.raises(AssertionError, match=r'query limit: expected "3", got "2"'):
        mockserver.assert_called("listTables", query={"limit": 3})
    with pytest.raises(AssertionError, match=r'query after: expected "z", was not given'):
        mockserver.assert_called("listTables", query={"after": "z"})
    with pytest.raises(AssertionError, match=r'query limit: expected not to be given, got \["2"\]'):
        mockserver.assert_called("listTables", query={"limit": None})


def test_an_argument_that_no_such_path_has_is_an_error(mockserver: MockServer) -> None:
    with pytest.raises(ValueError, match="the path of getTable has no argument 'table'; it has: id"):
        mockserver.assert_called("getTable", arguments={"table": TABLE})
    with pytest.raises(ValueError, match="the path of listTables has no argument 'id'; it has: none"):
        mockserver.assert_not_called("listTables", arguments={"id": TABLE})


def test_path_arguments_and_statuses_are_compared(mockserver: MockServer) -> None:
    mockserver.client.get(f"/v1/tables/{TABLE}")

    mockserver.assert_called("getTable", arguments={"id": TABLE}, status=200)
    with pytest.raises(AssertionError, match=f'argument id: expected "{ADMIN}", got "{TABLE}"'):
        mockserver.assert_called("getTable", arguments={"id": ADMIN})
    with pytest.raises(AssertionError, match="status: expected 404, got 200"):
        mockserver.assert_called("getTable", status=404)


def test_a_call_that_differs_is_explained(mockserver: MockServer) -> None:
    mockserver.client.put(FOLLOWERS, json=ADMIN)
    mockserver.client_for("guest").put(FOLLOWERS, json=CONSUMER)

    assert explanation(mockserver, "addTableFollower", times=1, body=CONSUMER, user="consumer") == dedent(f"""\
        addTableFollower: expected 1 call with body "{CONSUMER}", user consumer; there was none
        calls of it that differ:
          #1 addTableFollower PUT {SHOWN} by admin -> 200
            body: expected "{CONSUMER}", got "{ADMIN}"
          #2 addTableFollower PUT {SHOWN} by guest -> 403: {mockserver.requests[1].reason}
            user: expected "consumer", got "guest\"""")


def test_calls_that_are_too_many_are_shown(mockserver: MockServer) -> None:
    for _ in range(3):
        mockserver.client.get("/v1/tables")

    assert explanation(mockserver, "listTables", times=2) == dedent("""\
        listTables: expected 2 calls; there were 3
          #1 listTables GET /api/v1/tables by admin -> 200
          #2 listTables GET /api/v1/tables by admin -> 200
          #3 listTables GET /api/v1/tables by admin -> 200""")


def test_an_operation_that_was_never_called_shows_what_was(mockserver: MockServer) -> None:
    mockserver.client.put("/v1/tabels/followers")

    assert explanation(mockserver, "addTableFollower") == dedent(f"""\
        addTableFollower: expected a call; there was none
        it was never called; all requests:
          #1 PUT /api/v1/tabels/followers -> 404: {mockserver.requests[0].reason}""")


def test_a_server_that_was_never_reached_says_so(mockserver: MockServer) -> None:
    assert explanation(mockserver, "listTables") == (
        "listTables: expected a call; there was none\nno request reached the server"
    )


def test_a_call_that_should_not_have_been_made_is_shown(mockserver: MockServer) -> None:
    mockserver.client.get("/v1/tables?limit=1")

    with pytest.raises(AssertionError) as failure:
        mockserver.assert_not_called("listTables", query={"limit": 1})
    assert str(failure.value) == dedent("""\
        listTables: expected no call with query limit=1; there was one
          #1 listTables GET /api/v1/tables?limit=1 by admin -> 200""")


def test_a_misspelt_operation_is_never_taken_for_one_that_was_not_called(mockserver: MockServer) -> None:
    wrong = r"the contract has no operation 'addTabelFollower'; did you mean 'addTableFollower'\?"

    with pytest.raises(ValueError, match=wrong):
        mockserver.assert_called("addTabelFollower")
    with pytest.raises(ValueError, match=wrong):
        mockserver.assert_not_called("addTabelFollower")
    with pytest.raises(ValueError, match=wrong):
        mockserver.requests.to("addTabelFollower")
    with pytest.raises(ValueError, match="no operation 'zzz'; `mockserver routes` lists them"):
        mockserver.requests.to("zzz")


@only_here
def test_requests_that_are_forgotten_are_not_counted_as_none(mockserver: MockServer) -> None:
    client = mockserver.client
    client.delete(f"/v1/tables/{TABLE}")
    backend = mockserver._backend
    assert isinstance(backend, Local)
    engine, world = backend._stage.sandbox.engine, backend._world
    client.get("/v1/system/version")
    again = mockserver.requests[-1]._entry.call
    for _ in range(JOURNAL_SIZE - 1):
        engine.handle(again, world)

    assert mockserver.requests.forgotten == 1
    mockserver.assert_called("getSystemVersion")
    with pytest.raises(AssertionError, match="the first request is no longer known"):
        mockserver.assert_not_called("deleteTable")
    with pytest.raises(AssertionError, match="the first request is no longer known"):
        mockserver.assert_called("getSystemVersion", times=JOURNAL_SIZE)
    assert mockserver.requests.told().splitlines()[0] == f"… {JOURNAL_SIZE + 1 - 20} earlier ones"


@only_elsewhere
@pytest.mark.parametrize("expected", [{"body_contains": {"name": "Large"}}, {"body": {"name": "Large"}}])
def test_a_body_that_is_cut_is_neither_the_expected_one_nor_another_one(
    mockserver: MockServer, expected: dict[str, Any]
) -> None:
    description = "long " * 20_000
    mockserver.client.post("/v1/teams", json={"name": "Large", "teamType": "Group", "description": description})
    assert [request.cut for request in mockserver.requests] == [True]
    for check in (mockserver.assert_called, mockserver.assert_not_called):
        with pytest.raises(AssertionError, match="only the beginning of it is known here"):
            check("createTeam", **expected)
    with pytest.raises(AssertionError, match="only the beginning of it is known here"):
        mockserver.assert_called("createTeam", times=0, **expected)
    mockserver.assert_called("createTeam", status=201)
    mockserver.assert_not_called("createTeam", user="consumer", **expected)


def explanation(mockserver: MockServer, operation: str, **expected: object) -> str:
    with pytest.raises(AssertionError) as failure:
        mockserver.assert_called(operation, **expected)  # type: ignore[arg-type]
    return str(failure.value)
