"""The follower steps of the table page, by the real Python SDK."""

from __future__ import annotations

import pytest

from tests.clients import facts
from tests.clients.sandbox import Sandbox, as_the_server, both_profiles
from tests.clients.sdk.session import Failure, Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")
ADD = "table = Tables.add_followers(table_id, [user_id])"
REMOVE = "table = Tables.remove_followers(table_id, [user_id])"
FOLLOWERS = "[str(follower.id.root) for follower in table.followers.root]"


@both_profiles
def test_configuring_finds_a_server_of_the_client_s_version(sdk: Session) -> None:
    sdk.run("configure(host=host, jwt_token=admin_token)")
    assert sdk.value("client().ometa.server_version").startswith("2.0.")


@both_profiles
def test_an_added_follower_is_on_the_table(admin_sdk: Session) -> None:
    admin_sdk.run(ADD)
    assert admin_sdk.value(FOLLOWERS) == [facts.ADMIN]
    assert_contains(admin_sdk.value("table"), facts.FOLLOWED_TABLE)


@both_profiles
def test_following_twice_leaves_one_follower(admin_sdk: Session) -> None:
    admin_sdk.run(ADD)
    admin_sdk.run(ADD)
    assert admin_sdk.value(FOLLOWERS) == [facts.ADMIN]


@both_profiles
def test_a_removed_follower_is_gone(admin_sdk: Session) -> None:
    admin_sdk.run(ADD)
    admin_sdk.run(REMOVE)
    assert admin_sdk.value(FOLLOWERS) == []


def test_removing_who_never_followed_changes_nothing(admin_sdk: Session) -> None:
    admin_sdk.run(REMOVE)
    assert admin_sdk.value(FOLLOWERS) == []


def test_the_page_s_count_of_followers_fails_in_the_sdk_and_its_root_counts(admin_sdk: Session) -> None:
    admin_sdk.run(ADD)
    failure = admin_sdk.failure("len(table.followers)")
    assert failure == Failure("TypeError", "object of type 'EntityReferenceList' has no len()")
    assert admin_sdk.value("len(table.followers.root)") == 1


def test_a_table_read_without_the_field_shows_no_followers(admin_sdk: Session) -> None:
    admin_sdk.run(ADD)
    assert admin_sdk.value("Tables.retrieve(table_id).followers") is None


def test_following_leaves_the_version_as_it_is(admin_sdk: Session) -> None:
    before = admin_sdk.value("Tables.retrieve(table_id).version")
    admin_sdk.run(ADD)
    assert admin_sdk.value("Tables.retrieve(table_id).version") == before


def test_the_documented_answer_is_a_whole_table(admin_sdk: Session) -> None:
    admin_sdk.run("answer = client().ometa.client.put(f'/tables/{table_id}/followers', json=user_id)")
    admin_sdk.run("table = Tables.entity_type().model_validate(answer)")
    assert_contains(admin_sdk.value("answer"), facts.FOLLOWED_TABLE)


@as_the_server
def test_the_server_answers_with_a_change_event(admin_sdk: Session, sandbox: Sandbox) -> None:
    admin_sdk.run("from metadata.generated.schema.type.changeEvent import ChangeEvent")
    admin_sdk.run("answer = client().ometa.client.put(f'/tables/{table_id}/followers', json=user_id)")
    event = admin_sdk.value("ChangeEvent.model_validate(answer)")
    follower = {"id": facts.ADMIN, "type": "user", "name": "admin"}
    expected = {
        "eventType": "entityUpdated",
        "entityType": "table",
        "entityId": facts.TABLE,
        "entityFullyQualifiedName": facts.TABLE_FQN,
        "userName": "admin",
        "changeDescription": {"fieldsAdded": [{"name": "followers", "newValue": [follower]}], "fieldsDeleted": []},
        "entity": {"followers": [follower]},
    }
    assert_contains(event, expected)
    assert event["currentVersion"] == event["previousVersion"]

    admin_sdk.run("answer = client().ometa.client.delete(f'/tables/{table_id}/followers/{user_id}')")
    assert_contains(
        admin_sdk.value("ChangeEvent.model_validate(answer)"),
        {"changeDescription": {"fieldsAdded": [], "fieldsDeleted": [{"name": "followers", "oldValue": [follower]}]}},
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("Tables.add_followers(unknown_id, [user_id])", f"table instance for {facts.UNKNOWN} not found"),
        ("Tables.add_followers(table_id, [unknown_id])", f"user instance for {facts.UNKNOWN} not found"),
        ("Tables.remove_followers(table_id, [unknown_id])", f"user instance for {facts.UNKNOWN} not found"),
    ],
)
def test_an_unknown_table_or_user_is_an_error_that_names_it(admin_sdk: Session, lines: str, message: str) -> None:
    assert admin_sdk.failure(lines) == Failure("APIError", message, 404)


def test_a_malformed_id_is_refused(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("Tables.add_followers('no-uuid', [user_id])")
    assert (failure.kind, failure.code) == ("APIError", 400)


def test_a_consumer_may_follow(sdk: Session) -> None:
    sdk.run("configure(host=host, jwt_token=consumer_token)")
    sdk.run(ADD)
    assert sdk.value(FOLLOWERS) == [facts.ADMIN]


def test_a_guest_may_read_and_not_follow(sdk: Session) -> None:
    sdk.run("configure(host=host, jwt_token=guest_token)")
    assert sdk.value("Tables.retrieve(table_id).name") == facts.TABLE_NAME
    failure = sdk.failure(ADD)
    assert (failure.kind, failure.code) == ("APIError", 403)
    assert failure.text.startswith("Principal: CatalogPrincipal{name='guest'}")


def test_a_token_that_is_none_is_refused(sdk: Session) -> None:
    sdk.run("configure(host=host, jwt_token='no-token')")
    failure = sdk.failure(ADD)
    assert (failure.kind, failure.code) == ("APIError", 401)
