"""The real ingestion reads a real database into the sandbox: all of it, its lineage, and again what changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clients.sandbox import SERVER, Sandbox, as_the_server
from tests.clients.workflows import ask, run, sqlite_source

pytestmark = pytest.mark.xdist_group("clients")
Json = Any
TABLES, VIEWS = 50, 4


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with fifty tables, every fifth with a foreign key, and four views over them."""
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as connection:
        for number in range(TABLES):
            key = f", before INTEGER REFERENCES t_{number - 1:02d}(id)" if number % 5 == 4 else ""
            columns = f"id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, amount DECIMAL(10,2){key}"
            connection.execute(f"CREATE TABLE t_{number:02d} ({columns})")
        for number in range(VIEWS):
            joined = f"t_{number:02d} a JOIN t_{number + 1:02d} b ON a.id = b.id"
            connection.execute(f"CREATE VIEW v_{number} AS SELECT a.id, a.name, b.amount FROM {joined}")
        connection.commit()
    return file


METADATA = {"type": "DatabaseMetadata", "includeViews": True, "markDeletedTables": True}
LINEAGE = {"type": "DatabaseLineage", "processViewLineage": True, "processQueryLineage": False}


def ingest(sandbox: Sandbox, database: Path, kind: str = "sqlite", **source: Json) -> None:
    """One run of `metadata ingest`, which must end well."""
    run(sandbox, database.parent, "ingest", sqlite_source(database, kind, **(source or METADATA)))


def listed(sandbox: Sandbox, more: str = "") -> dict[str, Json]:
    """The tables of the file's schema, by name."""
    answer = ask(sandbox, f"/v1/tables?databaseSchema=shop.main_file.main&limit=100{more}")
    return {table["name"]: table for table in answer["data"]}


@as_the_server
@pytest.mark.timeout(900)
def test_the_catalogue_holds_what_the_file_holds(sandbox: Sandbox, database: Path) -> None:
    assert sandbox.profile == SERVER
    ingest(sandbox, database)

    tables = listed(sandbox, "&fields=tableConstraints,schemaDefinition")
    assert tables.keys() == {f"t_{number:02d}" for number in range(TABLES)} | {f"v_{each}" for each in range(VIEWS)}
    kinds = [(column["name"], column["dataType"], column.get("constraint")) for column in tables["t_00"]["columns"]]
    assert kinds == [("id", "INT", "PRIMARY_KEY"), ("name", "VARCHAR", "NOT_NULL"), ("amount", "DECIMAL", "NULL")]
    (key,) = tables["t_04"]["tableConstraints"]
    assert key["constraintType"] == "FOREIGN_KEY"
    assert key["referredColumns"] == ["shop.main_file.main.t_03.id"]
    assert tables["v_0"]["tableType"] == "View"
    assert tables["v_0"]["schemaDefinition"].startswith("CREATE VIEW v_0")

    ingest(sandbox, database, "sqlite-lineage", **LINEAGE)
    around = ask(sandbox, "/v1/lineage/table/name/shop.main_file.main.v_0")
    assert {node["name"] for node in around["nodes"]} == {"t_00", "t_01"}
    columns = [each for edge in around["upstreamEdges"] for each in edge["lineageDetails"]["columnsLineage"]]
    assert {each["toColumn"].rpartition(".")[2] for each in columns} == {"id", "name", "amount"}

    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE t_40")
        connection.commit()
    ingest(sandbox, database)

    again = listed(sandbox)
    assert again.keys() == tables.keys() - {"t_40"}
    # A foreign key is found when the table it leads to is there, and lineage marks the views it has processed.
    plain = [name for name in again if name.startswith("t_") and not tables[name].get("tableConstraints")]
    assert [again[name]["version"] for name in plain] == [tables[name]["version"] for name in plain]
    assert list(listed(sandbox, "&include=deleted")) == ["t_40"]
