"""Users, teams and the events of a table, by the real Python SDK."""

from __future__ import annotations

import json

import pytest

from tests.clients import facts
from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")


@both_profiles
def test_a_user_is_found_by_id_and_by_name(admin_sdk: Session) -> None:
    expected = {"id": facts.ADMIN, "name": "admin", "isAdmin": True, "deleted": False}
    assert_contains(admin_sdk.value("Users.retrieve(user_id)"), expected)
    assert_contains(admin_sdk.value("Users.retrieve_by_name('admin')"), expected)


def test_every_user_of_the_fixtures_can_be_read(admin_sdk: Session) -> None:
    names = admin_sdk.value("[user.name.root for user in Users.list_all()]")
    assert {"admin", "ingestion-bot", "consumer", "guest"} <= set(names)


@pytest.mark.parametrize("user", ["admin", "ingestion-bot", "consumer", "guest"])
def test_a_token_stands_for_its_user(sdk: Session, user: str) -> None:
    sdk.run(f"configure(host=host, jwt_token={user.replace('-', '_')}_token)")
    sdk.run("user = Users.entity_type().model_validate(client().ometa.client.get('/users/loggedInUser'))")
    assert sdk.value("user.name") == user


def test_an_unknown_user_is_none_for_the_sdk(admin_sdk: Session) -> None:
    assert admin_sdk.value("(Users.retrieve(unknown_id), Users.retrieve_by_name('nobody'))") == [None, None]


def test_a_new_user_follows(admin_sdk: Session) -> None:
    admin_sdk.run("from metadata.generated.schema.api.teams.createUser import CreateUserRequest")
    admin_sdk.run("user = Users.create(CreateUserRequest(name='ada', email='ada@open-metadata.org'))")
    assert_contains(admin_sdk.value("user"), {"name": "ada", "version": 0.1})
    admin_sdk.run("table = Tables.add_followers(table_id, [user.id])")
    assert admin_sdk.value("[follower.name for follower in table.followers.root]") == ["ada"]


@both_profiles
def test_a_team_is_found_by_id_and_by_name(admin_sdk: Session) -> None:
    assert_contains(admin_sdk.value("Teams.retrieve(team_id)"), facts.SECOND_TEAM)
    assert_contains(admin_sdk.value("Teams.retrieve_by_name('Accounting', fields=['users'])"), facts.SECOND_TEAM)


def test_teams_are_listed(admin_sdk: Session) -> None:
    assert {"Accounting", "Organization"} <= set(admin_sdk.value("[team.name.root for team in Teams.list_all()]"))


def test_a_team_is_created_changed_deleted_and_restored(admin_sdk: Session) -> None:
    admin_sdk.run("from metadata.generated.schema.api.teams.createTeam import CreateTeamRequest")
    admin_sdk.run("team = Teams.create(CreateTeamRequest(name='Audit', teamType='Group'))")
    assert_contains(admin_sdk.value("team"), {"name": "Audit", "teamType": "Group", "version": 0.1})

    admin_sdk.run("team.description = 'Looks twice.'\nteam = Teams.update(team)")
    assert_contains(admin_sdk.value("team"), {"version": 0.2, "description": "Looks twice."})

    admin_sdk.run("Teams.delete(team.id)")
    assert admin_sdk.value("Teams.retrieve(team.id)") is None
    assert_contains(admin_sdk.value("Teams.restore(team.id)"), {"version": 0.4, "deleted": False})
    versions = [json.loads(text) for text in admin_sdk.value("Teams.get_versions(team.id)")]
    assert [version["version"] for version in versions] == [0.4, 0.3, 0.2, 0.1]


@both_profiles
def test_the_events_of_a_table_name_its_followers(admin_sdk: Session) -> None:
    admin_sdk.run("from metadata.generated.schema.type.changeEvent import ChangeEvent")
    admin_sdk.run("table = Tables.add_followers(table_id, [user_id])")
    admin_sdk.run("table.description = 'Followed.'\nTables.update(table)")
    admin_sdk.run("answer = client().ometa.client.get('/events', {'entityUpdated': 'table', 'timestamp': 0})")
    admin_sdk.run("events = [ChangeEvent.model_validate(event) for event in answer['data']]")
    events = [event for event in admin_sdk.value("events") if event["entityId"] == facts.TABLE]
    changed = [event for event in events if event["currentVersion"] != event["previousVersion"]]
    assert_contains(
        [{**event, "entity": _entity(event)} for event in changed],
        [
            {
                "eventType": "entityUpdated",
                "userName": "admin",
                "entity": {"description": "Followed.", **facts.FOLLOWED_TABLE},
            }
        ],
    )


def _entity(event: dict[str, object]) -> object:
    """The server stores an event's entity as a JSON text in its log."""
    entity = event["entity"]
    return json.loads(entity) if isinstance(entity, str) else entity
