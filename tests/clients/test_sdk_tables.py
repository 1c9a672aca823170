"""A table's whole life, from nothing to gone, by the real Python SDK."""

from __future__ import annotations

import json

import pytest

from tests.clients import facts
from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Failure, Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")
IMPORTS = """
from metadata.generated.schema.api.data.createDatabase import CreateDatabaseRequest
from metadata.generated.schema.api.data.createDatabaseSchema import CreateDatabaseSchemaRequest
from metadata.generated.schema.api.data.createTable import CreateTableRequest
from metadata.generated.schema.api.services.createDatabaseService import CreateDatabaseServiceRequest
from metadata.generated.schema.entity.data.table import Column, Table
"""
CONTAINERS = """
connection = {"config": {"type": "SQLite", "databaseMode": ":memory:"}}
service = DatabaseServices.create(
    CreateDatabaseServiceRequest(name="lake", serviceType="SQLite", connection=connection))
database = Databases.create(CreateDatabaseRequest(name="sales", service=service.fullyQualifiedName))
schema = DatabaseSchemas.create(CreateDatabaseSchemaRequest(name="eu", database=database.fullyQualifiedName))
"""
REQUEST = """
request = CreateTableRequest(
    name="orders",
    databaseSchema=schema.fullyQualifiedName,
    columns=[
        Column(name="id", dataType="BIGINT", constraint="PRIMARY_KEY"),
        Column(name="customer", dataType="VARCHAR", dataLength=40, description="Who ordered."),
    ],
)
"""
CREATE = "table = Tables.create(request)\nid = str(table.id.root)"
UPDATE = "changed = table.model_copy(deep=True)\nchanged.description = 'Every order.'\nupdated = Tables.update(changed)"


@pytest.fixture
def orders(admin_sdk: Session) -> Session:
    """The SDK after it made a service, a database, a schema and a table in it."""
    for lines in (IMPORTS, CONTAINERS, REQUEST, CREATE):
        admin_sdk.run(lines)
    return admin_sdk


@both_profiles
def test_a_table_is_created_from_nothing(orders: Session) -> None:
    expected = {
        "name": "orders",
        "fullyQualifiedName": "lake.sales.eu.orders",
        "version": 0.1,
        "deleted": False,
        "serviceType": "SQLite",
        "service": {"type": "databaseService", "name": "lake"},
        "database": {"type": "database", "fullyQualifiedName": "lake.sales"},
        "databaseSchema": {"type": "databaseSchema", "fullyQualifiedName": "lake.sales.eu"},
        "columns": [
            {"name": "id", "dataType": "BIGINT", "fullyQualifiedName": "lake.sales.eu.orders.id"},
            {"name": "customer", "dataType": "VARCHAR", "dataLength": 40, "description": "Who ordered."},
        ],
        "changeDescription": None,
    }
    assert_contains(orders.value("table"), expected)
    assert_contains(orders.value("Tables.retrieve(id)"), expected)
    assert_contains(orders.value("Tables.retrieve_by_name('lake.sales.eu.orders')"), expected)


def test_its_service_database_and_schema_are_found_by_name(orders: Session) -> None:
    service = {"serviceType": "SQLite", "version": 0.1}
    assert_contains(orders.value("DatabaseServices.retrieve_by_name('lake')"), service)
    assert_contains(orders.value("Databases.retrieve_by_name('lake.sales')"), {"service": {"name": "lake"}})
    assert_contains(
        orders.value("DatabaseSchemas.retrieve_by_name('lake.sales.eu')"),
        {"database": {"name": "sales"}, "service": {"name": "lake"}},
    )


def test_its_service_database_and_schema_are_listed(orders: Session) -> None:
    for facade, names in [
        ("DatabaseServices", ["lake", "sample_data"]),
        ("Databases", ["ecommerce_db", "sales"]),
        ("DatabaseSchemas", ["eu", "shopify"]),
    ]:
        listed = orders.value(f"[found.name.root for found in {facade}.list_all()]")
        assert set(names) <= set(listed)
        assert len(listed) == orders.value(f"len({{found.id.root for found in {facade}.list_all()}})")


def test_the_same_creation_again_changes_nothing(orders: Session) -> None:
    orders.run("again = Tables.create(request)")
    assert orders.value("(again.id == table.id, again.version.root)") == [True, 0.1]


def test_posting_what_exists_is_a_conflict(orders: Session) -> None:
    assert orders.failure("client().ometa.create(request)") == Failure("APIError", "Entity already exists", 409)


def test_posting_what_is_new_creates_it(orders: Session) -> None:
    orders.run("request.name = 'returns'\nposted = client().ometa.create(request)")
    assert orders.value("posted.fullyQualifiedName") == "lake.sales.eu.returns"


def test_a_table_of_an_unknown_schema_is_refused(orders: Session) -> None:
    orders.run("request.databaseSchema = 'lake.sales.asia'")
    failure = orders.failure("Tables.create(request)")
    assert failure == Failure("APIError", "databaseSchema instance for lake.sales.asia not found", 404)


def test_a_changed_description_is_the_next_version(orders: Session) -> None:
    orders.run(UPDATE)
    expected = {
        "version": 0.2,
        "description": "Every order.",
        "changeDescription": {
            "fieldsAdded": [{"name": "description", "newValue": "Every order."}],
            "fieldsUpdated": [],
            "fieldsDeleted": [],
            "previousVersion": 0.1,
        },
    }
    assert_contains(orders.value("updated"), expected)
    versions = [json.loads(text) for text in orders.value("Tables.get_versions(id)")]
    assert_contains(versions, [{"version": 0.2, "description": "Every order."}, {"version": 0.1}])
    assert orders.value("Tables.get_specific_version(id, '0.1').description") is None


def test_a_column_s_description_is_changed(orders: Session) -> None:
    orders.run("changed = table.model_copy(deep=True)\nchanged.columns[0].description = 'The key.'")
    orders.run("updated = Tables.update(changed)")
    assert_contains(
        orders.value("updated"),
        {
            "version": 0.2,
            "columns": [{"name": "id", "description": "The key."}, {"name": "customer"}],
            "changeDescription": {"fieldsAdded": [{"name": "columns.id.description", "newValue": "The key."}]},
        },
    )


def test_a_column_that_goes_is_a_major_version(orders: Session) -> None:
    orders.run("request.columns = request.columns[:1]\nupdated = Tables.create(request)")
    assert_contains(orders.value("updated"), {"version": 1.1, "columns": [{"name": "id"}]})


def test_a_deleted_table_is_hidden_and_comes_back_as_it_was(orders: Session) -> None:
    orders.run(UPDATE)
    orders.run("Tables.delete(id)")
    assert orders.value("Tables.retrieve(id)") is None
    assert orders.value("[t for t in Tables.list_all() if str(t.id.root) == id]") == []
    orders.run(
        "hidden = client().ometa.get_by_name(Table, table.fullyQualifiedName.root, ['owners'], include='deleted')"
    )
    assert_contains(orders.value("hidden"), {"deleted": True, "version": 0.3})

    orders.run("restored = Tables.restore(id)")
    expected = {"deleted": False, "version": 0.4, "description": "Every order."}
    assert_contains(orders.value("restored"), expected)
    assert_contains(orders.value("Tables.retrieve(id)"), expected)
    versions = [json.loads(text) for text in orders.value("Tables.get_versions(id)")]
    assert_contains(versions, [{"version": number} for number in (0.4, 0.3, 0.2, 0.1)])


def test_a_hard_deleted_table_is_gone_and_its_name_is_free(orders: Session) -> None:
    orders.run("Tables.delete(id, hard_delete=True)")
    assert orders.value("Tables.retrieve(id)") is None
    assert orders.failure("Tables.get_versions(id)").code == 404
    assert orders.failure("Tables.restore(id)").code == 404
    orders.run("again = Tables.create(request)")
    assert orders.value("(again.id == table.id, again.version.root)") == [False, 0.1]


def test_a_schema_with_tables_is_deleted_only_with_them(orders: Session) -> None:
    failure = orders.failure("DatabaseSchemas.delete(schema.id)")
    assert failure == Failure("APIError", "databaseSchema is not empty", 400)
    orders.run("DatabaseSchemas.delete(schema.id, recursive=True)")
    assert orders.value("(DatabaseSchemas.retrieve(schema.id), Tables.retrieve(id))") == [None, None]
    orders.run("DatabaseSchemas.restore(schema.id)")
    assert orders.value("Tables.retrieve(id).name") == "orders"


def test_lists_are_read_page_by_page(orders: Session) -> None:
    orders.run("for n in range(5):\n    request.name = f'part_{n}'\n    Tables.create(request)")
    names = ["orders", "part_0", "part_1", "part_2", "part_3", "part_4"]
    own = "filters={'databaseSchema': 'lake.sales.eu'}"
    assert orders.value(f"[t.name.root for t in Tables.list_all(batch_size=4, {own})]") == names

    orders.run(f"first = Tables.list(limit=4, {own})")
    assert orders.value("[t.name.root for t in first.entities]") == names[:4]
    assert orders.value("first.before") is None
    orders.run(f"second = Tables.list(limit=4, after=first.after, {own})")
    assert orders.value("[t.name.root for t in second.entities]") == names[4:]
    assert orders.value("(second.after, second.before is None)") == [None, False]
    orders.run(f"back = Tables.list(limit=4, before=second.before, {own})")
    assert orders.value("[t.name.root for t in back.entities]") == names[:4]


def test_lists_carry_the_fields_that_were_asked_for(admin_sdk: Session) -> None:
    admin_sdk.run("Tables.add_followers(table_id, [user_id])")
    admin_sdk.run("found = Tables.list_all(fields=['followers', 'votes'])")
    admin_sdk.run("table = next(t for t in found if str(t.id.root) == table_id)")
    assert_contains(admin_sdk.value("table"), {**facts.FOLLOWED_TABLE, "votes": {"upVotes": 0, "downVotes": 0}})


@pytest.mark.parametrize("name", ["with.dot", "with space", "a::b", "a>b", "ünï", "per%cent"])
def test_a_table_of_a_difficult_name_is_found_again(orders: Session, name: str) -> None:
    orders.run(f"request.name = CreateTableRequest(name={name!r}, databaseSchema='x', columns=[]).name")
    orders.run("made = Tables.create(request)")
    assert orders.value("made.name") == name
    assert orders.value("Tables.retrieve_by_name(made.fullyQualifiedName).id == made.id") is True


def test_an_unknown_field_is_refused(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("Tables.retrieve(table_id, fields=['popularity'])")
    assert (failure.kind, failure.code) == ("APIError", 400)
    assert "popularity" in failure.text


def test_a_consumer_may_not_create_or_delete(orders: Session) -> None:
    orders.run("configure(host=host, jwt_token=consumer_token)")
    orders.run("Tables.use_client(client())\nrequest.name = 'returns'")
    assert orders.failure("Tables.create(request)").code == 403
    assert orders.failure("Tables.delete(id)").code == 403
