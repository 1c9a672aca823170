"""From method and path to operation: literals before arguments, and helpful refusals."""

from __future__ import annotations

import pytest

from mockserver.engine import route as route_module
from mockserver.engine.route import Router
from mockserver.exchange import Problem
from tests.support.contracts import contract

ID = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
PATHS = {
    "/tables": ["get", "post"],
    "/tables/{id}": ["get", "delete"],
    "/tables/restore": ["put"],
    "/tables/name/{fqn}": ["get"],
    "/tables/{id}/followers": ["put"],
    "/tables/{id}/followers/{userId}": ["delete"],
    "/tables/{id}/versions/{version}": ["get"],
    "/files/{name}.{ext}": ["get"],
    "/files/{name}": ["get"],
    "/files/latest": ["get"],
    "/{any}/{thing}/deep": ["get"],
}


def router() -> Router:
    operations = {
        path: {method: {"operationId": f"{method} {path}"} for method in methods} for path, methods in PATHS.items()
    }
    made = contract(operations)
    return Router(made.operations, made.prefix)


@pytest.mark.parametrize(
    ("call", "id", "arguments"),
    [
        ("GET /api/tables", "get /tables", {}),
        ("GET /api/tables/7", "get /tables/{id}", {"id": "7"}),
        ("PUT /api/tables/restore", "put /tables/restore", {}),
        ("GET /api/tables/name/a.b", "get /tables/name/{fqn}", {"fqn": "a.b"}),
        ("DELETE /api/tables/7/followers/8", "delete /tables/{id}/followers/{userId}", {"id": "7", "userId": "8"}),
        ("GET /api/tables/name/versions/0.1", "get /tables/{id}/versions/{version}", {"id": "name", "version": "0.1"}),
        ("GET /api/files/a.csv", "get /files/{name}.{ext}", {"name": "a", "ext": "csv"}),
        ("GET /api/files/a.tar.gz", "get /files/{name}.{ext}", {"name": "a", "ext": "tar.gz"}),
        ("GET /api/files/a", "get /files/{name}", {"name": "a"}),
        ("GET /api/files/latest", "get /files/latest", {}),
        # The literal leads nowhere, so the argument is tried after all.
        ("GET /api/tables/x/deep", "get /{any}/{thing}/deep", {"any": "tables", "thing": "x"}),
    ],
)
def test_the_operation_and_its_arguments_are_found(call: str, id: str, arguments: dict[str, str]) -> None:
    method, path = call.split()
    found, given = router().match(method, path)
    assert (found.id, given) == (id, arguments)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a%2Fb", "a/b"),
        ("%22a.b%22", '"a.b"'),
        ("gr%C3%B6%C3%9Fe", "größe"),
        ("a+b", "a+b"),
        ("a%20b", "a b"),
        ("%2e%2e", ".."),
        ("%FF", "\ufffd"),
        ("100%", "100%"),
    ],
)
def test_arguments_are_decoded_after_the_path_is_cut(written: str, value: str) -> None:
    assert router().match("GET", f"/api/tables/name/{written}")[1] == {"fqn": value}


def test_a_path_is_matched_the_same_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route_module, "MOST_KNOWN", 2)
    known = router()
    for _ in range(2):
        for id in "abcd":
            assert known.match("GET", f"/api/tables/{id}")[1] == {"id": id}


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/api/tabels", "/api/tables"),
        ("/tables", "/api/tables"),
        ("/api/tables/", "/api/tables"),
        (f"/api/tables/{ID}/follower", "/api/tables/{id}/followers"),
        (f"/api/tables/{ID}/folowers/{ID}", "/api/tables/{id}/followers/{userId}"),
        ("/api/tables/nam/a.b.c.d", "/api/tables/name/{fqn}"),
        (f"/api/tables/{ID}/version/0.1", "/api/tables/{id}/versions/{version}"),
        ("/api/tables/7/follower", "/api/tables/{id}/followers"),
    ],
)
def test_an_unknown_path_names_the_nearest_one(path: str, meant: str) -> None:
    with pytest.raises(Problem) as caught:
        router().match("GET", path)
    assert caught.value.status == 404
    assert caught.value.message == f"no operation has the path {path}; did you mean {meant}?"


@pytest.mark.parametrize("path", ["/", "", "/completely/else", "/" + "x" * 5000])
def test_a_path_that_is_near_nothing_names_nothing(path: str) -> None:
    with pytest.raises(Problem) as caught:
        router().match("GET", path)
    assert caught.value.message == f"no operation has the path {path}"


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ("DELETE /api/tables", "GET, HEAD, OPTIONS, POST"),
        ("POST /api/tables/7", "DELETE, GET, HEAD, OPTIONS"),
        ("GET /api/tables/7/followers", "OPTIONS, PUT"),
        ("get /api/tables", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_a_method_that_is_not_allowed_is_told_those_that_are(call: str, allowed: str) -> None:
    method, path = call.split()
    with pytest.raises(Problem) as caught:
        router().match(method, path)
    assert caught.value.status == 405
    assert caught.value.headers == (("Allow", allowed),)
    assert caught.value.message == f"{method} is not allowed on {path}; allowed are {allowed}"
    assert ", ".join(router().allowed(path)) == allowed


def test_head_is_answered_by_the_get() -> None:
    assert router().match("HEAD", "/api/tables")[0].id == "get /tables"


def test_nothing_is_allowed_on_an_unknown_path() -> None:
    assert router().allowed("/api/nothing") == []


def test_a_path_that_was_not_asked_for_before_is_told_what_it_allows() -> None:
    assert router().allowed("/api/tables/7") == ["DELETE", "GET", "HEAD", "OPTIONS"]
