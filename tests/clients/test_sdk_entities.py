"""Every collection, led through a record's life by the real Python SDK, whose strict models read each answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from derive.__main__ import wanted
from mockserver.contract.reference import resolved
from tests.clients.sandbox import DOCS, SERVER
from tests.clients.sdk.session import Session
from tests.support.engines import contract_of

pytestmark = pytest.mark.xdist_group("clients")
Json = Any
ROOT = "metadata.generated.schema."
# The SDK creates none of these: it has no body or no route for them, or fails before it asks. Of the marketplace, it
# looks for a module that it does not have; a test case needs a suite, which its body does not name.
NO_ROUTE = ("reports", "testConnectionDefinitions", "types", "kpis", "dataInsightCharts", "announcements", "tasks")
WITHOUT = (*NO_ROUTE, "testCases", "appMarketPlaceDefinitions")
MODELS = {
    **{name: models for name, models in wanted().items() if "answer" in models and name not in WITHOUT},
    "tables": {"answer": "entity.data.table:Table", "create": "api.data.createTable:CreateTableRequest"},
    "databases": {"answer": "entity.data.database:Database", "create": "api.data.createDatabase:CreateDatabaseRequest"},
    "databaseSchemas": {
        "answer": "entity.data.databaseSchema:DatabaseSchema",
        "create": "api.data.createDatabaseSchema:CreateDatabaseSchemaRequest",
    },
    "databaseServices": {
        "answer": "entity.services.databaseService:DatabaseService",
        "create": "api.services.createDatabaseService:CreateDatabaseServiceRequest",
    },
    "teams": {"answer": "entity.teams.team:Team", "create": "api.teams.createTeam:CreateTeamRequest"},
    "roles": {"answer": "entity.teams.role:Role", "create": "api.teams.createRole:CreateRoleRequest"},
    "users": {"answer": "entity.teams.user:User", "create": "api.teams.createUser:CreateUserRequest"},
}
# What the contract takes by name, the SDK takes by id only.
BODIES: dict[str, Json] = {
    "teams": {"name": "Treasury", "teamType": "Group"},
    "users": {"name": "zoe", "email": "zoe@example.org"},
}
LIFE = """
import importlib
def model(key):
    module, _, name = key.partition(":")
    return getattr(importlib.import_module(ROOT + module), name)
ometa, Answer, Create = client().ometa, model(answer), model(create)
made = ometa.create_or_update(Create.model_validate(body))
by_id = ometa.get_by_id(Answer, made.id)
by_name = ometa.get_by_name(Answer, getattr(made.fullyQualifiedName, "root", made.fullyQualifiedName))
listed = [each.id.root for each in ometa.list_all_entities(Answer, limit=2)]
changed = by_id.model_copy(deep=True)
changed.displayName = "Said otherwise"
patched = ometa.patch(Answer, by_id, changed)
history = ometa.get_list_entity_versions(made.id, Answer)
first = ometa.get_entity_version(Answer, made.id, 0.1)
ometa.delete(Answer, made.id, recursive=True, hard_delete=True)
gone = ometa.get_by_id(Answer, made.id)
"""


def example(name: str) -> Json:
    """The body of a creation that the contract shows."""
    contract = contract_of(DOCS)
    schema = resolved(contract.document, {"$ref": f"#/components/schemas/{contract.resources[name].create}"})
    body: Json = schema["examples"][0]
    return body


@pytest.mark.parametrize("sandbox", [SERVER], indirect=True)
@pytest.mark.parametrize("name", MODELS)
def test_a_record_of_each_kind_lives_through_the_sdk(admin_sdk: Session, name: str) -> None:
    given = {"ROOT": ROOT, **MODELS[name], "body": BODIES.get(name) or example(name)}
    admin_sdk.run("".join(f"{key} = {value!r}\n" for key, value in given.items()))
    admin_sdk.run(LIFE)

    assert admin_sdk.value("str(made.id.root) == str(by_id.id.root) == str(by_name.id.root)")
    assert admin_sdk.value("made.id.root in listed")
    assert admin_sdk.value("len(listed) == len(set(listed))")
    assert admin_sdk.value("patched.displayName") == "Said otherwise"
    assert admin_sdk.value("len(history.versions)") == 2
    assert json.loads(admin_sdk.value("history.versions[0]"))["version"] == 0.2
    assert admin_sdk.value("first.displayName") != "Said otherwise"
    assert admin_sdk.value("gone") is None
