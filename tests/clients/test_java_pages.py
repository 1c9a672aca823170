"""The calls that the pages' Java samples stand for, by the JDK's own client."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients import facts
from tests.clients.sandbox import DOCS, PROFILES, SERVER, Sandbox
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")
PROGRAM = Path(__file__).parent / "java" / "SeedPages.java"
Steps = dict[str, dict[str, Any]]

FOLLOWER = facts.FOLLOWED_TABLE["followers"]
VOTED = {"votes": {"upVotes": 1, "downVotes": 0, "upVoters": FOLLOWER}}
UNVOTED = {"votes": {"upVotes": 0, "downVotes": 0, "upVoters": []}}
ORDERS = {"name": "orders", "version": 0.1, "columns": [{"name": "id", "dataType": "BIGINT"}]}


@pytest.fixture(scope="module")
def ran(java: str, started: Callable[[str], Sandbox]) -> dict[str, Steps]:
    """What each step of the program printed, by profile."""
    return {profile: run(java, started(profile)) for profile in PROFILES}


def run(java: str, sandbox: Sandbox) -> Steps:
    sandbox.reset()
    # A short program: compiling less and collecting simply starts it in half the time.
    command = [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", str(PROGRAM)]
    done = subprocess.run([*command, sandbox.api, sandbox.tokens["admin"]], capture_output=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)} ended with exit {done.returncode}:\n{done.stderr.decode()}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["step"]: {**line, "body": json.loads(line["body"])} for line in lines}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("followed", facts.FOLLOWED_TABLE),
        ("unfollowed", {"id": facts.TABLE, "followers": []}),
        ("voted", VOTED),
        ("unVoted", UNVOTED),
        (
            "listVersions",
            {"entityType": "team", "versions": list(map(json.dumps, (facts.SECOND_TEAM, facts.FIRST_TEAM)))},
        ),
        ("getVersion", facts.FIRST_TEAM),
        ("upsert", ORDERS),
        ("beforeUpdate", ORDERS),
        ("update", {"version": 0.2, "description": "Every order.", "changeDescription": {"previousVersion": 0.1}}),
        ("firstVersion", ORDERS),
    ],
)
def test_a_step_is_answered_alike_in_each_profile(
    ran: dict[str, Steps], profile: str, step: str, expected: object
) -> None:
    assert ran[profile][step]["status"] == 200
    assert_contains(ran[profile][step]["body"], expected)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("addFollower", facts.FOLLOWED_TABLE),
        ("removeFollower", {"id": facts.TABLE, "followers": []}),
        ("vote", {"id": facts.TABLE, **VOTED}),
        ("unVote", {"id": facts.TABLE, **UNVOTED}),
    ],
)
def test_following_and_voting_are_answered_with_the_table_as_documented(
    ran: dict[str, Steps], step: str, expected: object
) -> None:
    assert ran[DOCS][step]["status"] == 200
    assert_contains(ran[DOCS][step]["body"], expected)


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("addFollower", {"fieldsAdded": [{"name": "followers", "newValue": FOLLOWER}]}),
        ("removeFollower", {"fieldsDeleted": [{"name": "followers", "oldValue": FOLLOWER}]}),
        ("vote", {"fieldsUpdated": [{"name": "votes", "newValue": "votedUp"}]}),
        ("unVote", {"fieldsUpdated": [{"name": "votes", "newValue": "unVoted"}]}),
    ],
)
def test_following_and_voting_are_answered_with_a_change_event_by_the_server(
    ran: dict[str, Steps], step: str, change: object
) -> None:
    assert ran[SERVER][step]["status"] == 200
    expected = {"eventType": "entityUpdated", "entityId": facts.TABLE, "changeDescription": change}
    assert_contains(ran[SERVER][step]["body"], expected)


@pytest.mark.parametrize("profile", PROFILES)
def test_creating_is_201_and_creating_again_a_conflict(ran: dict[str, Steps], profile: str) -> None:
    created, again = ran[profile]["create"], ran[profile]["createAgain"]
    assert (created["status"], again["status"]) == (201, 409)
    assert_contains(created["body"], ORDERS)
    assert again["message"] == "Entity already exists"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("step", "status", "message"),
    [
        ("followUnknownTable", 404, "table instance for a1b2c3d4-e5f6-7890-abcd-ef1234567890 not found"),
        ("followAsUnknownUser", 404, "user instance for a1b2c3d4-e5f6-7890-abcd-ef1234567890 not found"),
        ("unknownVersion", 404, f"team instance for {facts.TEAM} and version 9.9 not found"),
    ],
)
def test_an_error_s_message_says_what_is_missing(
    ran: dict[str, Steps], profile: str, step: str, status: int, message: str
) -> None:
    assert (ran[profile][step]["status"], ran[profile][step]["message"]) == (status, message)


def test_a_malformed_vote_is_refused_with_the_value_s_place(ran: dict[str, Steps]) -> None:
    refused = ran[DOCS]["malformedVote"]
    assert refused["status"] == 400
    assert "updatedVoteType" in refused["message"]
