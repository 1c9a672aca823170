"""Custom properties in the cells of a file: each type as the server writes it, read back as the same value."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from tests.support.contains import assert_contains
from tests.support.engines import Caller

Json = Any
SCHEMA = "sample_data.ecommerce_db.shopify"
HEADER = (
    "name*,displayName,description,owner,tags,glossaryTerms,tiers,certification,retentionPeriod,sourceUrl,domains,"
    "extension"
)
SALES = {
    "id": "7a2b921b-f623-4eb5-9736-649788ad842c",
    "type": "team",
    "name": "Sales",
    "fullyQualifiedName": "Sales",
    "displayName": "Sales",
    "deleted": False,
}
# The type of a property, how its value is written, and the value.
VALUES = {
    "string": ("words; more, and 'so' on", "words; more, and 'so' on"),
    "integer": ("42", 42),
    "timeInterval": ("100:200", {"start": 100, "end": 200}),
    "enum": ("blue|red", ["blue", "red"]),
    "entityReference": ("team:Sales", SALES),
    "entityReferenceList": ("team:Sales", [SALES]),
    "table-cp": (
        'alpha,"beta, gamma"|delta,',
        {"columns": ["a", "b"], "rows": [{"a": "alpha", "b": "beta, gamma"}, {"a": "delta", "b": ""}]},
    ),
}


CONFIGS = {"enum": {"multiSelect": True, "values": ["red", "blue"]}, "table-cp": {"columns": ["a", "b"]}}


@pytest.fixture
def caller() -> Caller:
    """A world in which tables have a property of each type."""
    caller = Caller("server-2.0")
    transaction = caller.world.begin()
    described = transaction.find("types", "table")
    assert described is not None
    properties = [
        {
            "name": kind.replace("-", ""),
            "description": "One.",
            "propertyType": {"id": getattr(transaction.find("types", kind), "id", None), "name": kind, "type": "type"},
            "customPropertyConfig": {"config": CONFIGS.get(kind)},
        }
        for kind in VALUES
    ]
    transaction.replace(described.with_data(customProperties=properties))
    caller.world.commit(transaction)
    return caller


def imported(caller: Caller, extension: str) -> Json:
    line = StringIO()
    csv.writer(line).writerow(["fresh", *[""] * 10, extension])
    body = f"{HEADER}\n{line.getvalue()}".encode()
    path = f"/databaseSchemas/name/{SCHEMA}/import?dryRun=false"
    return caller.reply("PUT", path, body, content_type="text/plain").body.decode()


def exported(caller: Caller) -> str:
    text = caller.reply("GET", f"/databaseSchemas/name/{SCHEMA}/export").body.decode()
    return next(row[-1] for row in csv.reader(StringIO(text)) if row[0] == "fresh")


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_is_read_as_it_is_written(caller: Caller, kind: str) -> None:
    written, value = VALUES[kind]
    line = StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow([f"{kind.replace('-', '')}:{written}"])

    assert '"status":"success"' in imported(caller, line.getvalue())

    found = caller.ask("GET", f"/tables/name/{SCHEMA}.fresh?fields=extension")["extension"][kind.replace("-", "")]
    assert next(csv.reader([exported(caller)], delimiter=";")) == [f"{kind.replace('-', '')}:{written}"]
    assert_contains(found, value)


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        ("nothing:1", "Unknown custom field: nothing"),
        ("integer:many", "Invalid value of Key = integer of type integer, Value = many"),
        ("integer", "Invalid key-value pair in extension string: Key = integer, Value = null"),
        ("entityReference:Sales", "Invalid value of Key = entityReference of type entityReference, Value = Sales"),
        ("entityReference:team:Choir", "team instance for Choir not found"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_it_was(caller: Caller, extension: str, said: str) -> None:
    result = imported(caller, extension)

    assert f"#INVALID_FIELD: Field 12 error - {said}" in result
    assert '"numberOfRowsFailed":1' in result
