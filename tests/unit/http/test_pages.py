"""The pages beside the API, and who may use the control plane."""

from __future__ import annotations

import httpx2
import jwt
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.http.app import App
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.world.world import World
from tests.support.live import served
from tests.unit.http.conftest import URL, Caller


def test_the_front_page_says_where_to_go(http: httpx2.Client) -> None:
    front = http.get("/").json()

    assert front["api"] == f"{URL}/api"
    assert http.get(front["health"]).json()["status"] == "ok"
    assert http.get(front["contract"]).status_code == 200
    assert http.get(front["keys"]).status_code == 200


def test_the_contract_is_told_as_json_and_as_yaml(sandbox: Sandbox, http: httpx2.Client) -> None:
    told = http.get("/openapi.json")
    written = http.get("/openapi.yaml")

    assert told.json() == sandbox.contract.document == yaml.safe_load(written.text)
    assert (told.headers["content-type"], written.headers["content-type"]) == ("application/json", "application/yaml")
    OpenAPIV31SpecValidator(told.json()).validate()


def test_the_contract_may_be_read_by_pages_of_other_origins(http: httpx2.Client) -> None:
    headers = http.get("/openapi.json", headers={"Origin": "https://docs.example.org"}).headers

    assert headers["access-control-allow-origin"] == "https://docs.example.org"


def test_a_token_is_verified_by_the_published_key(sandbox: Sandbox, http: httpx2.Client) -> None:
    key = jwt.PyJWKSet.from_dict(http.get("/.well-known/jwks.json").json())[sandbox.signer.key_id]

    assert jwt.decode(sandbox.token("guest"), key, algorithms=["RS256"])["sub"] == "guest"


def test_no_private_part_of_the_key_is_published(http: httpx2.Client) -> None:
    assert not {"d", "p", "q", "dp", "dq", "qi"} & http.get("/.well-known/jwks.json").json()["keys"][0].keys()


def test_pages_are_only_read(http: httpx2.Client) -> None:
    answer = http.post("/openapi.json")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_of_another_origin_is_kept_from_the_control_plane(sandbox: Sandbox, http: httpx2.Client) -> None:
    sandbox.world.snapshot("before")

    answer = http.post("/__mock__/reset", headers={"Origin": "https://evil.example.org"})

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer.headers
    assert "before" in sandbox.world.snapshots


def test_a_page_of_our_own_origin_may_use_it(http: httpx2.Client) -> None:
    assert http.post("/__mock__/reset", headers={"Origin": URL}).status_code == 204


def test_nobody_shares_the_control_plane_with_a_browser(http: httpx2.Client) -> None:
    asked = {"Origin": URL, "Access-Control-Request-Method": "POST"}

    answers = [http.get("/__mock__/clock", headers={"Origin": URL}), http.options("/__mock__/reset", headers=asked)]

    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic secret", "Bearer", "secret"])
def test_without_the_control_token_nothing_is_done(sandbox: Sandbox, calling: Caller, header: str) -> None:
    http = calling(App(sandbox, Settings(control_token="secret")))
    sandbox.world.snapshot("before")

    answer = http.post("/__mock__/reset", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "before" in sandbox.world.snapshots


def test_with_the_control_token_it_is(sandbox: Sandbox, calling: Caller) -> None:
    http = calling(App(sandbox, Settings(control_token="secret")))
    sandbox.world.snapshot("before")

    assert http.post("/__mock__/reset", headers={"Authorization": "bearer secret"}).status_code == 204
    assert sandbox.world.snapshots == {}


def test_health_is_told_to_everybody(sandbox: Sandbox, calling: Caller) -> None:
    http = calling(App(sandbox, Settings(control_token="secret")))

    assert http.get("/__mock__/health", headers={"Authorization": ""}).status_code == 200


def test_tokens_are_told_only_where_a_control_token_is_asked_for(sandbox: Sandbox, calling: Caller) -> None:
    guarded = calling(App(sandbox, Settings(control_token="secret")))

    assert guarded.get("/__mock__/tokens", headers={"Authorization": "Bearer secret"}).json() == sandbox.tokens()
    assert calling(App(sandbox)).get("/__mock__/tokens").status_code == 403


def test_a_control_plane_that_is_switched_off_is_not_there(sandbox: Sandbox, calling: Caller) -> None:
    answer = calling(App(sandbox, Settings(control=False))).get("/__mock__/health")

    assert answer.status_code == 404
    assert "switched off" in answer.json()["detail"]


def test_a_failure_of_the_control_plane_is_a_problem_document(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(world: World) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(World, "reset", fail)
    with served(App(sandbox)) as url:
        answer = httpx2.post(f"{url}/__mock__/reset", trust_env=False)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "ZeroDivisionError: planted" in answer.json()["detail"]
