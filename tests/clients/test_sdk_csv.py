"""Files of records by the real Python SDK: exported, tried out and imported, and begun as jobs."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from tests.clients.sandbox import as_the_server, both_profiles
from tests.clients.sdk.session import Failure, Session
from tests.clients.test_sdk_tables import CONTAINERS, IMPORTS

pytestmark = pytest.mark.xdist_group("clients")
Json = Any
SCHEMA = "sample_data.ecommerce_db.shopify"
# What the SDK has a file of, each with a record of the seeds.
FILES = {
    "Tables": f"{SCHEMA}.fact_sale",
    "DatabaseSchemas": SCHEMA,
    "Databases": "sample_data.ecommerce_db",
    "Glossaries": "Business",
    "Teams": "Finance",
    "Users": "Finance",
}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


@both_profiles
@pytest.mark.parametrize(("facade", "name"), FILES.items(), ids=FILES.keys())
def test_what_is_exported_is_taken_back_by_a_dry_run(admin_sdk: Session, facade: str, name: str) -> None:
    admin_sdk.run(f"text = {facade}.export_csv({name!r}).execute()")
    text = admin_sdk.value("text")
    result = admin_sdk.value(f"{facade}.import_csv({name!r}).with_data(text).set_dry_run(True).execute()")

    count = len(rows(text))
    assert count > 1
    assert {key: result[key] for key in result if key != "importResultsCsv"} == {
        "dryRun": True,
        "status": "success",
        "numberOfRowsProcessed": count,
        "numberOfRowsPassed": count,
        "numberOfRowsFailed": 0,
    }
    assert [row[2:] for row in rows(result["importResultsCsv"])] == rows(text)


@as_the_server
def test_an_import_makes_and_changes_tables(admin_sdk: Session) -> None:
    admin_sdk.run(IMPORTS + CONTAINERS)
    header = (
        "name*,displayName,description,owner,tags,glossaryTerms,tiers,certification,retentionPeriod,sourceUrl,"
        "domains,extension"
    )
    admin_sdk.run(f"file = {header!r} + '\\norders,Orders,\"Größe, Menge; Ware\",user:aaron_johnson0,,,,,,,,\\n'")
    path = "/databaseSchemas/name/lake.sales.eu/import?dryRun=false"
    applied = f"client.ometa.client.put({path!r}, file.encode(), headers={{'Content-Type': 'text/plain'}})"
    admin_sdk.run(f"from metadata.sdk import client as sdk_client\nclient = sdk_client()\nresult = {applied}")

    assert admin_sdk.value("result['status']") == "success"
    admin_sdk.run("table = Tables.retrieve_by_name('lake.sales.eu.orders', fields=['owners'])")
    assert admin_sdk.value("table.description.root") == "Größe, Menge; Ware"
    assert admin_sdk.value("table.owners.root[0].name") == "aaron_johnson0"
    assert "Größe, Menge; Ware" in admin_sdk.value("DatabaseSchemas.export_csv('lake.sales.eu').execute()")


@both_profiles
def test_without_a_dry_run_asked_for_the_sdk_says_nothing_of_it_which_is_a_dry_run(admin_sdk: Session) -> None:
    admin_sdk.run("text = Teams.export_csv('Finance').execute() + 'Audit,,,Group,Finance,,true,,\\r\\n'")
    result = admin_sdk.value("Teams.import_csv('Finance').with_data(text).execute()")

    assert (result["dryRun"], result["status"]) == (True, "success")
    failure = admin_sdk.failure("Teams.retrieve_by_name('Audit').id")
    assert isinstance(failure, Failure)


@both_profiles
def test_jobs_are_begun_with_an_id(admin_sdk: Session) -> None:
    exported = admin_sdk.value("Teams.export_csv('Finance').with_async().execute_async()")
    admin_sdk.run("text = Teams.export_csv('Finance').execute()")
    imported = admin_sdk.value("Teams.import_csv('Finance').with_data(text).with_async().execute_async()")

    assert len(exported) == len(imported) == 36


@both_profiles
def test_the_sdk_asks_for_the_file_of_a_service_where_no_server_has_it(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("DatabaseServices.export_csv('sample_data').execute()")

    assert (failure.kind, failure.code) == ("APIError", 404)
