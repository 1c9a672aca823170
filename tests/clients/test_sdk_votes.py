"""The vote steps of the table page: missing in the Python SDK, so they go through its REST client."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients import facts
from tests.clients.sandbox import Sandbox, as_the_server, both_profiles
from tests.clients.sdk.session import Failure, Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")
VOTES = "Tables.retrieve(table_id, fields=['votes']).votes"
VOTER = {"id": facts.ADMIN, "type": "user", "name": "admin"}
NO_VOTES = {"upVotes": 0, "downVotes": 0, "upVoters": [], "downVoters": []}


def vote(sdk: Session, kind: str) -> Any:
    return sdk.value(f"client().ometa.client.put(f'/tables/{{table_id}}/vote', json={{'updatedVoteType': '{kind}'}})")


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ('table = Tables.add_vote(table_id, vote_type="votedUp")', "add_vote"),
        ("table = Tables.remove_vote(table_id)", "remove_vote"),
    ],
)
def test_the_page_s_vote_call_is_missing_in_the_sdk(admin_sdk: Session, lines: str, missing: str) -> None:
    assert admin_sdk.failure(lines) == Failure("AttributeError", f"type object 'Tables' has no attribute '{missing}'")


@both_profiles
def test_a_vote_up_is_counted_with_its_voter(admin_sdk: Session) -> None:
    vote(admin_sdk, "votedUp")
    assert_contains(admin_sdk.value(VOTES), {"upVotes": 1, "downVotes": 0, "upVoters": [VOTER], "downVoters": []})


@both_profiles
def test_a_removed_vote_is_counted_no_more(admin_sdk: Session) -> None:
    vote(admin_sdk, "votedUp")
    vote(admin_sdk, "unVoted")
    assert_contains(admin_sdk.value(VOTES), NO_VOTES)


def test_of_one_user_s_votes_the_last_one_counts(admin_sdk: Session) -> None:
    vote(admin_sdk, "votedUp")
    vote(admin_sdk, "votedUp")
    vote(admin_sdk, "votedDown")
    assert_contains(admin_sdk.value(VOTES), {"upVotes": 0, "downVotes": 1, "upVoters": [], "downVoters": [VOTER]})


def test_two_users_votes_are_two(admin_sdk: Session) -> None:
    vote(admin_sdk, "votedUp")
    admin_sdk.run("configure(host=host, jwt_token=consumer_token)")
    vote(admin_sdk, "votedDown")
    assert_contains(
        admin_sdk.value("client().ometa.client.get(f'/tables/{table_id}?fields=votes')"),
        {"votes": {"upVotes": 1, "downVotes": 1, "upVoters": [VOTER], "downVoters": [{"name": "consumer"}]}},
    )


def test_voting_leaves_the_version_as_it_is(admin_sdk: Session) -> None:
    before = admin_sdk.value("Tables.retrieve(table_id).version")
    vote(admin_sdk, "votedUp")
    assert admin_sdk.value("Tables.retrieve(table_id).version") == before


def test_the_documented_answer_is_a_whole_table(admin_sdk: Session) -> None:
    answer = vote(admin_sdk, "votedUp")
    assert_contains(answer, {"id": facts.TABLE, "votes": {"upVotes": 1, "upVoters": [VOTER]}})
    admin_sdk.run(
        "table = Tables.entity_type().model_validate(client().ometa.client.put("
        "f'/tables/{table_id}/vote', json={'updatedVoteType': 'unVoted'}))"
    )
    assert_contains(admin_sdk.value("table.votes"), NO_VOTES)


@as_the_server
def test_the_server_answers_with_a_change_event(admin_sdk: Session, sandbox: Sandbox) -> None:
    admin_sdk.run("from metadata.generated.schema.type.changeEvent import ChangeEvent")
    admin_sdk.run("answer = client().ometa.client.put(f'/tables/{table_id}/vote', json={'updatedVoteType': 'votedUp'})")
    expected = {
        "eventType": "entityUpdated",
        "entityType": "table",
        "entityId": facts.TABLE,
        "userName": "admin",
        "changeDescription": {"fieldsUpdated": [{"name": "votes", "newValue": "votedUp"}]},
        "entity": {"votes": {"upVotes": 1}},
    }
    assert_contains(admin_sdk.value("ChangeEvent.model_validate(answer)"), expected)


def test_another_vote_type_is_refused_and_changes_nothing(admin_sdk: Session) -> None:
    failure = admin_sdk.failure(
        "client().ometa.client.put(f'/tables/{table_id}/vote', json={'updatedVoteType': 'sideways'})"
    )
    assert (failure.kind, failure.code) == ("APIError", 400)
    assert_contains(admin_sdk.value(VOTES), NO_VOTES)


def test_voting_for_an_unknown_table_names_it(admin_sdk: Session) -> None:
    failure = admin_sdk.failure(
        "client().ometa.client.put(f'/tables/{unknown_id}/vote', json={'updatedVoteType': 'votedUp'})"
    )
    assert failure == Failure("APIError", f"table instance for {facts.UNKNOWN} not found", 404)


def test_a_guest_may_not_vote(sdk: Session) -> None:
    sdk.run("configure(host=host, jwt_token=guest_token)")
    failure = sdk.failure("client().ometa.client.put(f'/tables/{table_id}/vote', json={'updatedVoteType': 'votedUp'})")
    assert (failure.kind, failure.code) == ("APIError", 403)
