"""The real `dbt-ol`, from the package index, tells the sandbox what the models of a project are made of."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.sandbox import Sandbox, both_profiles
from tests.clients.workflows import ask, journal, send
from tests.support.contains import assert_contains

pytestmark = [pytest.mark.xdist_group("programs"), both_profiles]
Json = Any
PATIENCE = 120.0
SCHEMA = "duck.shop.main"
COLUMNS = "[{name: customer, data_type: varchar}, {name: spent, data_type: int}]"
FILES = {
    "dbt_project.yml": "{name: shop, version: '1.0', profile: shop, model-paths: [models]}",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main}}}",
    "models/orders.sql": "select 1 as id, 'ann' as customer, 10 as total",
    "models/customers.sql": "select customer, sum(total) as spent from {{ ref('orders') }} group by customer",
    "models/columns.yml": f"models: [{{name: customers, columns: {COLUMNS}}}]",
}
PLACES = {
    "/v1/services/databaseServices": {"name": "duck", "serviceType": "CustomDatabase"},
    "/v1/databases": {"name": "shop", "service": "duck"},
    "/v1/databaseSchemas": {"name": "main", "database": "duck.shop"},
    "/v1/services/pipelineServices": {"name": "openlineage", "serviceType": "OpenLineage"},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two models, one of which is made of the other one."""
    for name, text in FILES.items():
        file = tmp_path / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "shop"


@pytest.fixture
def ready(sandbox: Sandbox) -> Sandbox:
    """The sandbox with a schema for the models and a service for the runs."""
    for path, body in PLACES.items():
        send(sandbox, "POST", path, body)
    return sandbox


def run(dbt_ol: Path, project: Path, sandbox: Sandbox, user: str = "ingestion-bot") -> str:
    """One run of the models, which must end well, as the manual says; what was printed."""
    # It finds dbt by its name, which would otherwise tell its makers of the run.
    settings = {
        "PATH": f"{dbt_ol.parent}{os.pathsep}{os.environ['PATH']}",
        "NO_PROXY": "*",
        "DO_NOT_TRACK": "1",
        "OPENLINEAGE_URL": sandbox.url,
        "OPENLINEAGE_ENDPOINT": "api/v1/openlineage/lineage",
        "OPENLINEAGE_API_KEY": sandbox.tokens[user],
    }
    ended = subprocess.run(
        [dbt_ol, "run", "--profiles-dir", "."],
        cwd=project,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    return said


def test_a_model_comes_from_what_it_is_made_of(ready: Sandbox, dbt_ol: Path, project: Path) -> None:
    assert "Emitted 6 OpenLineage events" in run(dbt_ol, project, ready)

    around = ask(ready, f"/v1/lineage/table/name/{SCHEMA}.customers")
    assert [node["fullyQualifiedName"] for node in around["nodes"]] == [f"{SCHEMA}.orders"]
    details = around["upstreamEdges"][0]["lineageDetails"]
    assert_contains(details, {"source": "OpenLineage", "createdBy": "ingestion-bot", "pipeline": {"type": "pipeline"}})
    assert details["sqlQuery"].startswith("select customer, sum(total) as spent from")
    pipeline = ask(ready, f"/v1/pipelines/{details['pipeline']['id']}")
    assert pipeline["fullyQualifiedName"] == "openlineage.dbt-dbt-run-shop"
    columns = ask(ready, f"/v1/tables/name/{SCHEMA}.customers?fields=columns")["columns"]
    assert [(each["name"], each["dataType"]) for each in columns] == [("customer", "VARCHAR"), ("spent", "INT")]

    told = [call for call in journal(ready) if call["operation"] == "postOpenLineageEvent"]
    assert [(call["status"], call["user"]) for call in told] == [(200, "ingestion-bot")] * 6
    assert [json.loads(call["answer"])["lineageEdgesCreated"] for call in told] == [0, 0, 0, 0, 1, 0]


def test_columns_lead_to_columns_when_their_tables_are_known(ready: Sandbox, dbt_ol: Path, project: Path) -> None:
    columns = [{"name": "customer", "dataType": "STRING"}, {"name": "total", "dataType": "INT"}]
    send(ready, "POST", "/v1/tables", {"name": "orders", "databaseSchema": SCHEMA, "columns": columns})

    run(dbt_ol, project, ready)

    (edge,) = ask(ready, f"/v1/lineage/table/name/{SCHEMA}.customers")["upstreamEdges"]
    assert edge["lineageDetails"]["columnsLineage"] == [
        {"fromColumns": [f"{SCHEMA}.orders.{before}"], "toColumn": f"{SCHEMA}.customers.{after}"}
        for before, after in (("customer", "customer"), ("total", "spent"))
    ]


def test_what_has_no_schema_in_the_catalogue_is_passed_over(sandbox: Sandbox, dbt_ol: Path, project: Path) -> None:
    assert "Emitted 6 OpenLineage events" in run(dbt_ol, project, sandbox)

    answers = [json.loads(call["answer"])["message"] for call in journal(sandbox)]
    assert answers == ["Event processed, no lineage edges created"] * 6
