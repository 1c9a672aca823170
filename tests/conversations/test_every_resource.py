"""Leads a record of every resource through its whole life, so that no operation of a trait is left to chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from mockserver.contract.model import Resource
from mockserver.contract.reference import resolved
from tests.conversations.conversation import PROFILES
from tests.conversations.promises import promises
from tests.conversations.transport import Answer, InProcess, Request
from tests.support.contains import difference
from tests.support.engines import contract_of

Json = Any
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
# Not every resource has them, so their answers are tested in conversations.
OWN: tuple[str, ...] = ("whoami", "part", "attach", "detach", "told", "tell")
OWN += ("points", "point", "latest", "survey", "addPoints", "patchPoint", "removePoints")
OWN += ("exportCsv", "importCsv", "describeCsv")
OWN += ("account", "changeAccount", "settings", "setting", "setSetting", "patchSetting")
OWN += ("enrol", "discharge", "forest", "sides")
OWN += ("amend", "fields", "additions", "partner", "judge", "rehearse", "notate", "adopt", "outline", "trial")
OWN += ("enlist", "delist", "canned", "toggle")
OWN += ("borrow", "giveBack", "incidents", "changeIncidents", "searchList", "digest", "assign", "below", "above")
OWN += ("sole", "setSole", "dropSole", "picks", "setPick", "dropPick", "tabulate", "condition")
OWN += ("join", "pieces", "graph", "connect", "disconnectSource", "observe", "errands", "changeErrands")
LIVES = [
    (profile, name)
    for profile in PROFILES
    for name, each in contract_of(profile).resources.items()
    if "name" in each.properties
]


class Life:
    """Calls of the administrator, each held to the contract, and the operations they reached."""

    def __init__(self, profile: str) -> None:
        self.contract = contract_of(profile)
        self.reached: set[str] = set()
        self._transport = InProcess(profile)
        self._promises = promises(profile)

    def ask(self, method: str, path: str, body: Json = None, status: int = 200) -> Json:
        headers = {"Authorization": f"Bearer {self._transport.token('admin', 'good')}"}
        if body is not None:
            headers["Content-Type"] = "application/json-patch+json" if method == "PATCH" else "application/json"
        request = Request(method, f"/api{path}", headers, b"" if body is None else orjson.dumps(body))
        answer: Answer = self._transport.send(request)
        assert answer.status == status, answer.body
        assert list(self._promises.broken(request, answer)) == []
        operation = self._promises.operation(request)
        assert operation is not None
        self.reached.add(operation.id)
        return orjson.loads(answer.body)


def example(contract_document: Mapping[str, Json], resource: Resource) -> dict[str, Json]:
    """A create body as the contract shows it."""
    schema = resolved(contract_document, {"$ref": f"#/components/schemas/{resource.create}"})
    body: dict[str, Json] = schema["examples"][0]
    return body


@pytest.mark.parametrize(("profile", "name"), LIVES, ids=[f"{name} in {profile}" for profile, name in LIVES])
def test_a_record_lives_from_its_creation_to_its_end(profile: str, name: str) -> None:
    life = Life(profile)
    resource = life.contract.resources[name]
    path, body = resource.path, example(life.contract.document, resource)

    born = life.ask("POST", path, body, 201)
    at, by_name = f"{path}/{born['id']}", f"{path}/name/{born['fullyQualifiedName']}"
    assert born["version"] == 0.1
    numbered = resource.naming.numbered is not None
    _come_again(life, path, body, born, numbered=numbered)
    assert life.ask("GET", at) == life.ask("GET", by_name)
    assert difference(life.ask("GET", f"{at}?fields=*"), life.ask("GET", at)) is None
    assert (
        life.ask("GET", f"{path}?limit=0")["paging"]["total"]
        == life.ask("GET", f"{path}?limit=100000")["paging"]["total"]
    )

    assert life.ask("PATCH", at, [{"op": "add", "path": "/displayName", "value": "One"}])["version"] == 0.2
    life.ask("PATCH", by_name, [{"op": "add", "path": "/displayName", "value": "Two"}])
    shown = life.ask("GET", f"{at}?fields=*") if numbered else life.ask("PUT", path, {**body, "displayName": "Three"})
    versions = life.ask("GET", f"{at}/versions")
    assert versions["entityType"] == resource.entity
    assert orjson.loads(versions["versions"][0]) == shown
    for text in versions["versions"]:
        assert life.ask("GET", f"{at}/versions/{orjson.loads(text)['version']}") == orjson.loads(text)
    assert life.ask("GET", f"{at}/versions/0.1") == born

    if f"bulkCreateOrUpdate{resource.plural}" in {each.id for each in life.contract.operations}:
        _sweep(life, resource, body, born["fullyQualifiedName"])
    if "followers" in resource.relations:
        life.ask("PUT", f"{at}/followers", ADMIN)
        assert life.ask("GET", f"{at}?fields=followers")["followers"][0]["id"] == ADMIN
        life.ask("DELETE", f"{at}/followers/{ADMIN}")
    if "votes" in resource.relations:
        life.ask("PUT", f"{at}/vote", {"updatedVoteType": "votedUp"})
        assert life.ask("GET", f"{at}?fields=votes")["votes"]["upVotes"] == 1

    for use, where in (("hierarchy", "hierarchy"), ("values", "customUnits")):
        if any(each.behaviour == use and each.resource == resource for each in life.contract.operations):
            life.ask("GET", f"{path}/{where}")
    if resource.assets:
        _gather(life, resource, at, by_name)
    elif f"list{resource.title}Assets" in {each.id for each in life.contract.operations}:
        assert life.ask("GET", f"{at}/assets") == life.ask("GET", f"{by_name}/assets")
    if resource.soft:
        _die_softly(life, at, by_name, path, body, numbered=numbered)
    else:
        life.ask("DELETE", by_name)
        life.ask("PUT", path, body, 201)
        born = life.ask("GET", by_name)
        at = f"{path}/{born['id']}"
        life.ask("DELETE", f"{path}/async/{born['id']}", status=202)
        life.ask("PUT", path, body, 201)
        at = f"{path}/{life.ask('GET', by_name)['id']}"
        if f"restore{resource.title}" in {each.id for each in life.contract.operations}:
            life.ask("PUT", f"{path}/restore", {"id": ADMIN}, 404)
    life.ask("DELETE", f"{at}?hardDelete=true&recursive=true")
    life.ask("GET", f"{at}?include=all", status=404)
    life.ask("GET", f"{at}/versions", status=404)
    if resource.held:
        assert "not found" in life.ask("PUT", path, body, 404)["message"]
    else:
        assert life.ask("PUT", path, body, 201)["id"] != born["id"]

    declared = {
        each.id
        for each in life.contract.operations
        # What is for some records of a resource alone has conversations of its own.
        if each.resource == resource
        and each.behaviour not in OWN
        and "needs" not in each.settings
        and each.settings.get("where") != {"basic": True}
    }
    assert life.reached == declared


def _come_again(life: Life, path: str, body: Json, born: Json, *, numbered: bool) -> None:
    """The same body again: it is refused, or changes nothing, unless records get a number of their own."""
    if numbered:
        assert life.ask("PUT", path, body, 201)["fullyQualifiedName"] != born["fullyQualifiedName"]
        return
    life.ask("POST", path, body, 409)
    assert life.ask("PUT", path, body)["version"] == 0.1


def _sweep(life: Life, resource: Resource, body: Json, name: str) -> None:
    """Many in one request, and nothing stale below the one."""
    assert life.ask("PUT", f"{resource.path}/bulk", [body])["status"] == "success"
    scope = {"scopeEntityType": resource.entity, "scopeFqn": name, "seenFqns": []}
    for method in ("DELETE", "PUT"):
        assert life.ask(method, f"{resource.path}/deleteStale", scope)["numberOfRowsProcessed"] == 0


def _gather(life: Life, resource: Resource, at: str, by_name: str) -> None:
    """Everything that adds to a record, removes from it and counts what it has, with nothing to add."""
    assert life.ask("GET", f"{resource.path}/assets/counts")
    assert life.ask("GET", f"{at}/assets") == life.ask("GET", f"{by_name}/assets")
    for step in ("add", "remove"):
        assert life.ask("PUT", f"{at}/assets/{step}", {"assets": []})["status"] == "success"
    for name in (each.name for each in resource.relations.values() if each.hidden and each.name.endswith("Ports")):
        assert life.ask("GET", f"{at}/{name}") == life.ask("GET", f"{by_name}/{name}")
        for place in (at, by_name):
            for step in ("add", "remove"):
                assert life.ask("PUT", f"{place}/{name}/{step}", {"assets": []})["status"] == "success"


def _die_softly(life: Life, at: str, by_name: str, path: str, body: Json, *, numbered: bool) -> None:
    assert life.ask("DELETE", at)["deleted"]
    life.ask("GET", at, status=404)
    assert not life.ask("PUT", f"{path}/restore", {"id": at.rpartition("/")[2]})["deleted"]
    assert life.ask("DELETE", f"{path}/async/{at.rpartition('/')[2]}", status=202)["entityName"]
    assert life.ask("PUT", f"{path}/restore?async=true", {"id": at.rpartition("/")[2]}, 202)["jobId"]
    life.ask("DELETE", by_name)
    if numbered:
        life.ask("PUT", f"{path}/restore", {"id": at.rpartition("/")[2]})
    else:
        assert life.ask("PUT", path, body, 200)["deleted"] is False
