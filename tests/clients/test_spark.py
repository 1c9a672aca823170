"""The real OpenLineage listener of Spark, from the index of Java's packages, tells the sandbox of a job."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.environments import CACHE
from tests.clients.sandbox import Sandbox, as_the_server
from tests.clients.workflows import ask, journal, send
from tests.project.tree import ROOT
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("programs")
LISTENER = "io.openlineage:openlineage-spark_2.12:1.53.0"
# What the product's manual asks for, and names for what is made of the job.
SETTINGS = {
    "spark.extraListeners": "io.openlineage.spark.agent.OpenLineageSparkListener",
    "spark.openlineage.transport.type": "http",
    "spark.openlineage.transport.url": "{url}",
    "spark.openlineage.transport.endpoint": "/api/v1/openlineage/lineage",
    "spark.openlineage.transport.auth.type": "api_key",
    "spark.openlineage.transport.auth.apiKey": "{token}",
    "spark.openlineage.namespace": "shop",
    "spark.openlineage.appName": "nightly",
}
# A small job on one machine, whose packages are kept with the environments.
SMALL = {
    "spark.jars.ivy": str(CACHE / "spark-packages"),
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
}
JOB = """
CREATE DATABASE shop;
CREATE TABLE shop.orders USING parquet AS SELECT 1 AS id, 'ann' AS customer, 10 AS total;
CREATE TABLE shop.customers USING parquet AS SELECT customer, sum(total) AS spent FROM shop.orders GROUP BY customer;
"""
PLACES = {
    "/v1/services/databaseServices": {"name": "lake", "serviceType": "Hive"},
    "/v1/databases": {"name": "default", "service": "lake"},
    "/v1/databaseSchemas": {"name": "shop", "database": "lake.default"},
    "/v1/services/pipelineServices": {"name": "openlineage", "serviceType": "OpenLineage"},
}
SCHEMA = "lake.default.shop"


def run(spark_sql: Path, sandbox: Sandbox, folder: Path) -> None:
    """Runs the job, which must end well."""
    (folder / "job.sql").write_text(JOB)
    given = {"url": sandbox.url, "token": sandbox.tokens["ingestion-bot"]}
    settings = {**{key: value.format(**given) for key, value in SETTINGS.items()}, **SMALL}
    options = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    ended = subprocess.run(
        [spark_sql, "--master", "local[1]", "--packages", LISTENER, *options, "-f", "job.sql"],
        cwd=folder,
        # It finds itself by the first Python there is.
        env={
            **os.environ,
            "PATH": f"{spark_sql.parent}{os.pathsep}{os.environ['PATH']}",
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]


@as_the_server
@pytest.mark.timeout(900)
def test_what_a_job_reads_and_writes_becomes_lineage(sandbox: Sandbox, spark_sql: Path, tmp_path: Path) -> None:
    for path, body in PLACES.items():
        send(sandbox, "POST", path, body)

    run(spark_sql, sandbox, tmp_path)

    columns = ask(sandbox, f"/v1/tables/name/{SCHEMA}.orders?fields=columns")["columns"]
    assert [each["name"] for each in columns] == ["id", "customer", "total"]
    around = ask(sandbox, f"/v1/lineage/table/name/{SCHEMA}.customers")
    assert [node["fullyQualifiedName"] for node in around["nodes"]] == [f"{SCHEMA}.orders"]
    (edge,) = around["upstreamEdges"]
    expected = {
        "source": "OpenLineage",
        "createdBy": "ingestion-bot",
        "pipeline": {"fullyQualifiedName": "openlineage.shop-nightly"},
        "columnsLineage": [
            {"fromColumns": [f"{SCHEMA}.orders.{before}"], "toColumn": f"{SCHEMA}.customers.{after}"}
            for before, after in (("customer", "customer"), ("total", "spent"))
        ],
    }
    assert_contains(edge["lineageDetails"], expected)
    assert edge["lineageDetails"]["sqlQuery"].strip().startswith("CREATE TABLE shop.customers")
    told = [call["status"] for call in journal(sandbox) if call["operation"] == "postOpenLineageEvent"]
    assert len(told) > 10
    assert set(told) == {200}


def test_the_page_on_clients_names_what_the_job_is_given() -> None:
    page = (ROOT / "docs" / "clients.md").read_text()

    assert [each for each in (LISTENER, *SETTINGS) if f"`{each}`" not in page] == []
