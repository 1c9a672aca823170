"""The contract's schemas and the models of the SDK that they were made for say the same, read in both directions."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from derive.__main__ import CONNECTIONS, connections, derived, said_of, wanted
from tests.support.engines import contract_of

Json = Any
DATA = "entity.data"
BY_HAND = {
    "Table": f"{DATA}.table:Table",
    "Column": f"{DATA}.table:Column",
    "TableConstraint": f"{DATA}.table:TableConstraint",
    "DataModel": f"{DATA}.table:DataModel",
    "ColumnDataType": f"{DATA}.table:DataType",
    "TableType": f"{DATA}.table:TableType",
    "DatabaseSchema": f"{DATA}.databaseSchema:DatabaseSchema",
    "Database": f"{DATA}.database:Database",
    "DatabaseService": "entity.services.databaseService:DatabaseService",
    "DatabaseServiceType": "entity.services.databaseService:DatabaseServiceType",
    "Team": "entity.teams.team:Team",
    "User": "entity.teams.user:User",
    "Role": "entity.teams.role:Role",
    "Policy": "entity.policies.policy:Policy",
    "Bot": "entity.bot:Bot",
    "CreateTable": "api.data.createTable:CreateTableRequest",
    "CreateDatabaseSchema": "api.data.createDatabaseSchema:CreateDatabaseSchemaRequest",
    "CreateDatabase": "api.data.createDatabase:CreateDatabaseRequest",
    "CreateDatabaseService": "api.services.createDatabaseService:CreateDatabaseServiceRequest",
    "CreateTeam": "api.teams.createTeam:CreateTeamRequest",
    "CreateUser": "api.teams.createUser:CreateUserRequest",
    "CreateRole": "api.teams.createRole:CreateRoleRequest",
    "CreatePolicy": "api.policies.createPolicy:CreatePolicyRequest",
    "CreateBot": "api.createBot:CreateBot",
    "EntityReference": "type.entityReference:EntityReference",
    "TagLabel": "type.tagLabel:TagLabel",
    "ChangeEvent": "type.changeEvent:ChangeEvent",
    "Votes": "type.votes:Votes",
    "LifeCycle": "type.lifeCycle:LifeCycle",
    "EntityStatus": "type.status:EntityStatus",
}


@cache
def said() -> dict[str, Json]:
    return said_of(BY_HAND.values())


@cache
def texts() -> dict[str, tuple[str, str]]:
    """For each resource file what stands in it, and what should."""
    return {file.stem: (file.read_text(), text) for file, text in derived().items()}


@pytest.mark.parametrize("file", [*wanted(), "models"])
def test_a_derived_schema_is_what_the_models_say(file: str) -> None:
    there, right = texts()[file]
    assert there == right, f"{file}.yaml is not what the models say; run `make derive`"


def test_the_connections_are_tested_as_the_sources_say() -> None:
    assert connections() == CONNECTIONS.read_text(), "connections.yaml is not what the sources say; run `make derive`"


@pytest.mark.parametrize("name", BY_HAND)
def test_a_schema_written_by_hand_has_the_fields_of_its_model(name: str) -> None:
    model, schema = said()[BY_HAND[name]], contract_of("docs").document["components"]["schemas"][name]
    if "enum" in model:
        assert set(schema["enum"]) == set(model["enum"])
        return
    assert set(schema["properties"]) == set(model["properties"])
    assert set(model.get("required", ())) <= set(schema.get("required", ()))
