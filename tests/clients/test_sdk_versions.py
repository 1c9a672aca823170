"""The steps of the team versions page, by the real Python SDK."""

from __future__ import annotations

import json

import pytest

from tests.clients import facts
from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Failure, Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")


@both_profiles
def test_the_versions_of_a_team_are_json_texts_newest_first(admin_sdk: Session) -> None:
    versions = admin_sdk.value("Teams.get_versions(team_id)")
    assert_contains([json.loads(text) for text in versions], [facts.SECOND_TEAM, facts.FIRST_TEAM])
    assert "description" not in json.loads(versions[1])


def test_the_page_s_loop_fails_in_the_sdk_and_reading_each_text_works(admin_sdk: Session) -> None:
    admin_sdk.run("versions = Teams.get_versions(team_id)")
    loop = 'for v in versions:\n    print(f"Version {v.version}: {v.description}")'
    assert admin_sdk.failure(loop) == Failure("AttributeError", "'str' object has no attribute 'version'")
    admin_sdk.run("import json\nteams = [Teams.entity_type().model_validate(json.loads(text)) for text in versions]")
    assert admin_sdk.value("[(team.version.root, team.description and team.description.root) for team in teams]") == [
        [0.2, facts.TEAM_DESCRIPTION],
        [0.1, None],
    ]


@both_profiles
def test_the_first_version_of_a_team_is_as_it_was(admin_sdk: Session) -> None:
    admin_sdk.run('team_v1 = Teams.get_specific_version(team_id, "0.1")')
    assert admin_sdk.value("team_v1.name") == "Accounting"
    assert_contains(admin_sdk.value("team_v1"), {**facts.FIRST_TEAM, "description": None})


def test_the_second_version_of_a_team_is_as_it_is(admin_sdk: Session) -> None:
    assert_contains(admin_sdk.value("Teams.get_specific_version(team_id, '0.2')"), facts.SECOND_TEAM)
    assert_contains(admin_sdk.value("Teams.retrieve(team_id)"), facts.SECOND_TEAM)


def test_an_unknown_version_is_none_for_the_sdk(admin_sdk: Session) -> None:
    assert admin_sdk.value("Teams.get_specific_version(team_id, '9.9')") is None


def test_an_unknown_version_says_which_one_is_missing(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("client().ometa.client.get(f'/teams/{team_id}/versions/9.9')")
    assert failure == Failure("APIError", f"team instance for {facts.TEAM} and version 9.9 not found", 404)


def test_the_versions_of_an_unknown_team_are_an_error(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("Teams.get_versions(unknown_id)")
    assert failure == Failure("APIError", f"team instance for {facts.UNKNOWN} not found", 404)


def test_a_malformed_version_is_refused(admin_sdk: Session) -> None:
    failure = admin_sdk.failure("Teams.get_specific_version(team_id, 'newest')")
    assert (failure.kind, failure.code) == ("APIError", 400)


def test_a_change_makes_the_next_version_and_leaves_the_former_ones(admin_sdk: Session) -> None:
    admin_sdk.run("team = Teams.retrieve(team_id)\nteam.displayName = 'The books'\nteam = Teams.update(team)")
    assert admin_sdk.value("team.version") == 0.3
    versions = [json.loads(text) for text in admin_sdk.value("Teams.get_versions(team_id)")]
    assert_contains(versions, [{"version": 0.3, "displayName": "The books"}, facts.SECOND_TEAM, facts.FIRST_TEAM])
    assert "displayName" not in versions[1]


def test_a_change_of_nothing_makes_no_version(admin_sdk: Session) -> None:
    admin_sdk.run("answer = client().ometa.client.patch(f'/teams/{team_id}', data='[]')")
    assert len(admin_sdk.value("Teams.get_versions(team_id)")) == 2
