"""The real profiler and the real tests of data read a real database, and the catalogue then holds what they found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clients.sandbox import SERVER, Sandbox, as_the_server, both_profiles
from tests.clients.sdk.session import Session
from tests.clients.workflows import ask, run, sqlite_source

pytestmark = pytest.mark.xdist_group("clients")
Json = Any
TABLE = "shop.main_file.main.orders"
ROWS = 20


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with a table of twenty orders, of which every fifth has no customer."""
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer VARCHAR(20), total INTEGER)")
        rows = [(number, None if number % 5 == 0 else f"c{number}", number * 10) for number in range(1, ROWS + 1)]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
        connection.commit()
    return file


def wanted(name: str, definition: str, column: str | None = None, **parameters: Json) -> Json:
    """A test as the workflow is told of it."""
    values = [{"name": key, "value": str(value)} for key, value in parameters.items()]
    told: dict[str, Json] = {"name": name, "testDefinitionName": definition, "parameterValues": values}
    return {**told, "columnName": column} if column else told


TESTS = [
    wanted("enough rows", "tableRowCountToBeBetween", minValue=1, maxValue=100),
    wanted("columns", "tableColumnCountToEqual", columnCount=3),
    wanted("customers", "columnValuesToBeNotNull", "customer"),
    wanted("totals", "columnValuesToBeBetween", "total", minValue=1, maxValue=200),
    wanted("unique", "columnValuesToBeUnique", "id"),
]


@as_the_server
@pytest.mark.timeout(900)
def test_the_catalogue_holds_what_was_measured_and_tested(sandbox: Sandbox, database: Path) -> None:
    assert sandbox.profile == SERVER
    folder = database.parent
    run(sandbox, folder, "ingest", sqlite_source(database, "sqlite", type="DatabaseMetadata"))

    run(
        sandbox,
        folder,
        "profile",
        sqlite_source(database, "sqlite", type="Profiler"),
        {"type": "orm-profiler", "config": {}},
    )
    (profile,) = ask(sandbox, f"/v1/tables/{TABLE}/tableProfile?startTs=0&endTs=9999999999999")["data"]
    assert (profile["rowCount"], profile["columnCount"]) == (ROWS, 3)
    latest = ask(sandbox, f"/v1/tables/{TABLE}/tableProfile/latest")
    columns = {column["name"]: column["profile"] for column in latest["columns"]}
    assert columns["customer"]["nullCount"] == ROWS // 5
    assert (columns["total"]["min"], columns["total"]["max"]) == (10, ROWS * 10)

    suite = {"type": "TestSuite", "entityFullyQualifiedName": TABLE}
    source = {**sqlite_source(database, "TestSuite"), "sourceConfig": {"config": suite}}
    processor = {"type": "orm-test-runner", "config": {"testCases": TESTS}}
    run(sandbox, folder, "test", source, processor)

    fields = "testCaseResult,testSuite,incidentId"
    listed = ask(sandbox, f"/v1/dataQuality/testCases?entityFQN={TABLE}&fields={fields}")
    assert {case["name"] for case in listed["data"]} == {"enough rows", "columns"}
    suite_id = listed["data"][0]["testSuite"]["id"]
    cases = {
        case["name"]: case
        for case in ask(sandbox, f"/v1/dataQuality/testCases?testSuiteId={suite_id}&fields={fields}")["data"]
    }
    ended = {name: case["testCaseResult"]["testCaseStatus"] for name, case in cases.items()}
    assert ended == {**dict.fromkeys(cases, "Success"), "customers": "Failed"}
    summary = ask(sandbox, f"/v1/dataQuality/testSuites/{suite_id}?fields=summary")["summary"]
    assert (summary["success"], summary["failed"], summary["total"]) == (4, 1, 5)


@both_profiles
def test_what_a_failed_test_found_is_kept_and_read_back(admin_sdk: Session) -> None:
    admin_sdk.run("""
from metadata.generated.schema.entity.data.table import TableData
from metadata.generated.schema.tests.basic import TestCaseResult, TestCaseStatus
from metadata.generated.schema.tests.testCase import TestCase
om = client().ometa
name = 'sample_data.ecommerce_db.shopify.dim_product.rows_of_products'
test = om.get_by_name(TestCase, name)
om.add_test_case_results(TestCaseResult(timestamp=1000, testCaseStatus=TestCaseStatus.Failed, testResultValue=[]), name)
kept = om.ingest_failed_rows_sample(test, TableData(columns=['product_id'], rows=[[7]]))
""")
    assert admin_sdk.value("kept.rows") == [[7]]
    assert admin_sdk.value("om.get_failed_rows_sample(test).rows") == [[7]]
    query = "SELECT * FROM dim_product WHERE title IS NULL"
    assert admin_sdk.value(f"om.ingest_inspection_query(test, '{query}').inspectionQuery.root") == query


@both_profiles
def test_what_was_measured_of_all_tables_is_read_together(admin_sdk: Session) -> None:
    admin_sdk.run("""
from metadata.generated.schema.api.data.createTableProfile import CreateTableProfileRequest
from metadata.generated.schema.entity.data.table import Table, TableProfile
om = client().ometa
table = om.get_by_name(Table, 'sample_data.ecommerce_db.shopify.dim_product')
om.ingest_profile_data(table, CreateTableProfileRequest(tableProfile=TableProfile(timestamp=1769982800000, rowCount=7)))
found = om.get_profile_data_by_type(Table, 0, 9999999999999)
""")
    told = "[(str(each.entityReference.id.root), each.profileData.rowCount) for each in found.entities]"
    assert admin_sdk.value(f"{told} == [(str(table.id.root), 7)]")
