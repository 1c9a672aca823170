"""Real workflows read a query log, and the catalogue then holds what led to what, and how often it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.sandbox import SERVER, Sandbox, as_the_server
from tests.clients.workflows import ask, run, run_as, send

pytestmark = pytest.mark.xdist_group("clients")
Json = Any
SCHEMA = "warehouse.default.shop"
TABLES = {"orders": ("id", "customer", "total"), "totals": ("customer", "spent"), "best": ("customer", "spent")}
SUM = "INSERT INTO totals (customer, spent) SELECT customer, sum(total) FROM orders GROUP BY customer"
PICK = "INSERT INTO best SELECT customer, spent FROM totals"
LOG = ["query_text,database_name,schema_name", *(f'"{query}",default,shop' for query in (SUM, PICK))]
# Nothing listens there: what the log tells is read without asking the database.
CONNECTION = {"type": "Mysql", "username": "reader", "authType": {"password": "secret"}, "hostPort": "127.0.0.1:9"}


@pytest.fixture
def warehouse(sandbox: Sandbox) -> Sandbox:
    """A sandbox with three tables of a service, whose connection need not hold for a workflow to go on."""
    optional = [{"op": "replace", "path": "/steps/0/mandatory", "value": False}]
    send(sandbox, "PATCH", "/v1/services/testConnectionDefinitions/name/Mysql.testConnectionDefinition", optional)
    service = {"name": "warehouse", "serviceType": "Mysql", "connection": {"config": CONNECTION}}
    send(sandbox, "PUT", "/v1/services/databaseServices", service)
    send(sandbox, "PUT", "/v1/databases", {"name": "default", "service": "warehouse"})
    send(sandbox, "PUT", "/v1/databaseSchemas", {"name": "shop", "database": "warehouse.default"})
    for name, columns in TABLES.items():
        table = {"name": name, "columns": [{"name": each, "dataType": "INT"} for each in columns]}
        send(sandbox, "PUT", "/v1/tables", {**table, "databaseSchema": SCHEMA})
    return sandbox


def source(kind: str, workflow: str, log: Path) -> Json:
    """The source of a workflow that reads a query log; its service's connection comes from the catalogue."""
    return {
        "type": kind,
        "serviceName": "warehouse",
        "sourceConfig": {"config": {"type": workflow, "queryLogFilePath": str(log)}},
    }


def edges(sandbox: Sandbox, table: str, side: str) -> list[tuple[str, dict[str, list[str]]]]:
    """The edges on one side of a table: the statement of each, and from which columns each column comes."""
    around = ask(sandbox, f"/v1/lineage/table/name/{SCHEMA}.{table}")
    details = [edge["lineageDetails"] for edge in around[f"{side}Edges"]]
    return [
        (each["sqlQuery"], {one["toColumn"]: one["fromColumns"] for one in each["columnsLineage"]}) for each in details
    ]


def flows(start: str, end: str, **columns: str) -> dict[str, list[str]]:
    """Columns of one table, each with the one of another it comes from."""
    return {f"{SCHEMA}.{end}.{column}": [f"{SCHEMA}.{start}.{origin}"] for column, origin in columns.items()}


@as_the_server
@pytest.mark.timeout(600)
def test_the_catalogue_knows_what_the_log_tells_led_to_what(warehouse: Sandbox, tmp_path: Path) -> None:
    assert warehouse.profile == SERVER
    log = tmp_path / "log.csv"
    log.write_text("\n".join(LOG))

    run(warehouse, tmp_path, "ingest", source("query-log-lineage", "DatabaseLineage", log))

    summed = flows("orders", "totals", customer="customer", spent="total")
    picked = flows("totals", "best", customer="customer", spent="spent")
    assert edges(warehouse, "totals", "upstream") == [(SUM, summed)]
    assert edges(warehouse, "totals", "downstream") == [(PICK, picked)]
    queries = ask(warehouse, "/v1/queries?service=warehouse&fields=queryUsedIn")["data"]
    used = {each["query"]: {table["name"] for table in each["queryUsedIn"]} for each in queries}
    assert used == {SUM: {"orders", "totals"}, PICK: {"totals", "best"}}

    run(warehouse, tmp_path, "ingest", source("query-log-lineage", "DatabaseLineage", log))
    assert edges(warehouse, "totals", "upstream") == [(SUM, summed)]


@as_the_server
@pytest.mark.timeout(600)
def test_one_statement_is_read_by_the_command_for_lineage(warehouse: Sandbox, tmp_path: Path) -> None:
    statement = tmp_path / "statement.sql"
    statement.write_text(SUM)
    run_as(warehouse, tmp_path, "lineage", {"serviceName": "warehouse", "filePath": str(statement)})
    summed = flows("orders", "totals", customer="customer", spent="total")
    assert edges(warehouse, "totals", "upstream") == [(SUM, summed)]


@as_the_server
@pytest.mark.timeout(600)
def test_the_catalogue_counts_how_often_the_log_has_a_table(warehouse: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("\n".join([*LOG, LOG[-1]]))
    steps = {
        "processor": {"type": "query-parser", "config": {}},
        "stage": {"type": "table-usage", "config": {"filename": str(tmp_path / "usage")}},
        "bulkSink": {"type": "metadata-usage", "config": {"filename": str(tmp_path / "usage")}},
    }
    run_as(warehouse, tmp_path, "usage", {"source": source("query-log-usage", "DatabaseUsage", log), **steps})
    counts = {
        name: ask(warehouse, f"/v1/tables/name/{SCHEMA}.{name}?fields=usageSummary")["usageSummary"]["dailyStats"][
            "count"
        ]
        for name in TABLES
    }
    assert counts == {"orders": 1, "totals": 3, "best": 2}
