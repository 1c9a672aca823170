"""Holds the bundled contract, as each profile expands it, to OpenAPI 3.1 and to what the engine can answer."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Mapping
from functools import reduce
from typing import Any

import httpx2
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.behaviours.registry import BEHAVIOURS
from mockserver.contract.model import Operation
from mockserver.contract.reference import resolved
from mockserver.contract.verbs import VERBS
from mockserver.contract.yamlfile import load_yaml
from mockserver.http.app import App
from mockserver.http.sandbox import open_sandbox
from tests.project.profiles import PROFILES, contract_of, every_profile
from tests.support import tokens

Json = Any
DOCUMENTED = {
    "addTableFollower": "PUT /v1/tables/{id}/followers",
    "removeTableFollower": "DELETE /v1/tables/{id}/followers/{userId}",
    "voteTable": "PUT /v1/tables/{id}/vote",
    "listTeamVersions": "GET /v1/teams/{id}/versions",
    "getTeamVersion": "GET /v1/teams/{id}/versions/{version}",
}
CLIENTS_NEED = [
    "getSystemVersion",
    "listEvents",
    *(f"{verb}{title}" for title in ("Table", "Team", "User") for verb in ("get", "create", "createOrUpdate", "patch")),
    *(f"{verb}{title}" for title in ("Table", "Team", "User") for verb in ("delete", "restore")),
    *(f"get{title}ByName" for title in ("Table", "Team", "User", "Database", "DatabaseSchema", "DatabaseService")),
    *(f"create{title}" for title in ("Database", "DatabaseSchema", "DatabaseService")),
    *("listTables", "listTeams", "listUsers", "listDatabases", "listDatabaseSchemas", "listDatabaseServices"),
    *("listTableVersions", "getTableVersion", "getLoggedInUser"),
]


def test_the_profiles_are_the_two_that_are_promised() -> None:
    assert PROFILES == ["docs", "server-2.0"]


# Answers that HTTP gives no body.
BODILESS = ("204", "304")
# What an operation may ask for instead of what policies allow: who the caller is.
ROLES = ("Admin", "AdminOrBot")


@every_profile
def test_the_expanded_document_is_openapi_3_1(profile: str) -> None:
    assert complaints(contract_of(profile).document) == []


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("info",), None),
        (("openapi",), "3.1"),
        (("paths", "/v1/tables", "get", "responses", "200", "description"), None),
        (("components", "parameters", "limit", "in"), "somewhere"),
        (("components", "schemas", "Votes", "type"), "objekt"),
    ],
)
def test_the_validator_notices_a_defect(at: tuple[str, ...], value: str | None) -> None:
    document = copy.deepcopy(contract_of("docs").document)
    holder = reduce(lambda found, step: found[step], at[:-1], document)
    assert at[-1] in holder
    if value is None:
        del holder[at[-1]]
    else:
        holder[at[-1]] = value

    assert complaints(document)


@every_profile
def test_both_pages_give_the_expanded_document(profile: str) -> None:
    document = contract_of(profile).document
    as_json, as_yaml = pages(profile, "/openapi.json", "/openapi.yaml")

    assert (as_json.headers["content-type"], as_yaml.headers["content-type"]) == (
        "application/json",
        "application/yaml",
    )
    assert json.loads(as_json.content) == document
    assert yaml.safe_load(as_yaml.content) == document
    assert load_yaml(as_yaml.content, "openapi.yaml").value == document


@every_profile
def test_every_operation_has_an_id_a_behaviour_and_an_answer(profile: str) -> None:
    contract = contract_of(profile)
    incomplete = [
        operation.label
        for operation in contract.operations
        if not operation.document.get("operationId")
        or operation.behaviour not in BEHAVIOURS
        or not any(status.startswith("2") for status in operation.document["responses"])
    ]

    assert incomplete == []
    assert len({operation.id for operation in contract.operations}) == len(contract.operations)


@every_profile
def test_every_operation_declares_the_refusals_that_it_can_give(profile: str) -> None:
    contract = contract_of(profile)
    missing = {
        operation.id: undeclared
        for operation in contract.operations
        if (undeclared := refusals(operation) - set(operation.document["responses"]))
    }

    assert missing == {}


@every_profile
def test_every_answer_says_what_it_holds(profile: str) -> None:
    contract = contract_of(profile)
    silent = [
        f"{operation.id} {status}"
        for operation in contract.operations
        for status, answer in operation.document["responses"].items()
        if status not in BODILESS and not has_schemas(resolved(contract.document, answer))
    ]

    assert silent == []


@every_profile
def test_the_documented_operations_are_there(profile: str) -> None:
    labels = {operation.id: operation.label for operation in contract_of(profile).operations}

    assert {id: labels.get(id) for id in DOCUMENTED} == DOCUMENTED
    assert [id for id in CLIENTS_NEED if id not in labels] == []


@every_profile
def test_every_permission_is_an_operation_that_a_policy_can_name(profile: str) -> None:
    contract = contract_of(profile)
    known = {*contract.document["components"]["schemas"]["PolicyOperation"]["enum"], *ROLES}
    wanted = [(operation.id, operation.permission) for operation in contract.operations if operation.permission]
    wanted += [
        (f"{resource.name}.{field}", permission)
        for resource in contract.resources.values()
        for field, permission in resource.permissions.items()
    ]

    assert wanted
    assert [(where, permission) for where, permission in wanted if permission not in known] == []


@every_profile
def test_every_operation_on_records_asks_for_a_permission(profile: str) -> None:
    # What a patch or an upsert needs follows from the change. Who one is, what happened, how files are written and what
    # rules can say all may know; an account is one's own.
    exempt = {"patch", "upsert", "setSole", "bulk", "whoami", "events", "example", "describeCsv", "keySet", "census"}
    exempt |= {"account", "changeAccount", "permissions", "governed", "functions"}
    open_to_all = [
        operation.id
        for operation in contract_of(profile).operations
        if operation.permission is None and operation.behaviour not in exempt
    ]

    assert open_to_all == []


def test_every_behaviour_that_a_contract_can_name_is_written() -> None:
    assert BEHAVIOURS.keys() == VERBS.keys()


def complaints(document: Json) -> list[str]:
    """What the independent validator says."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


def pages(profile: str, *paths: str) -> list[httpx2.Response]:
    """What a server of the profile answers to plain GETs."""
    app = App(open_sandbox(profile=profile, key=tokens.key("server")))

    async def fetched() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8585") as client:
            return [(await client.get(path)).raise_for_status() for path in paths]

    return asyncio.run(fetched())


def refusals(operation: Operation) -> set[str]:
    """The statuses that the engine may refuse a call of this operation with."""
    found = {"406"}
    if operation.secured:
        found.add("401")
    if operation.permission is not None or operation.behaviour in ("patch", "upsert"):
        found.add("403")
    if operation.parameters or operation.media_types:
        found.add("400")
    if operation.media_types:
        found |= {"413", "415"}
    if any(parameter.place == "path" for parameter in operation.parameters):
        found.add("404")
    if operation.behaviour in ("create", "upsert"):
        found.add("409")
    return found


def has_schemas(answer: Mapping[str, Json]) -> bool:
    content = answer.get("content", {})
    if not content:
        return "empty" in answer["description"]
    return all("schema" in each for each in content.values())
