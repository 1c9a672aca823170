"""A kept version says everything as it was, and points to the server where its reader has found it."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.behaviours.snapshots import keep, told
from mockserver.exchange import Call
from mockserver.world.shown import Part, Shown
from tests.support import tokens
from tests.support.engines import Caller

TEAM = "449b5f25-4cbb-42db-8f71-3be2c5cd888a"


def test_an_older_version_points_to_the_server_that_was_asked() -> None:
    caller = Caller()
    headers = {"authorization": f"Bearer {tokens.good('admin')}"}
    call = Call("GET", f"/api/v1/teams/{TEAM}/versions/0.1", headers=headers, origin="http://elsewhere:7000")

    answer = orjson.loads(caller.engine.handle(call, caller.world).body)

    assert answer["href"] == f"http://elsewhere:7000/api/v1/teams/{TEAM}"
    assert all(parent["href"].startswith("http://elsewhere:7000/") for parent in answer["parents"])


def test_only_addresses_of_the_server_follow_its_place() -> None:
    shown = {
        "href": "http://a/api/v1/teams/1",
        "description": '"href":"http://a/api/v1"',
        "sourceUrl": "http://a/api/x",
    }

    moved = orjson.loads(told(keep(0.1, Shown(Part(shown)), "http://a/api"), "http://b/api"))

    assert moved == {**shown, "href": "http://b/api/v1/teams/1"}


def test_a_version_that_nobody_read_shows_others_as_they_were_when_it_was_answered() -> None:
    caller, table = Caller(), "/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
    admin = caller.ask("GET", "/users/name/admin")
    owned = [{"op": "add", "path": "/owners", "value": [{"id": admin["id"], "type": "user"}]}]
    answered = caller.ask("PATCH", table, owned)
    caller.ask("PATCH", f"/users/{admin['id']}", [{"op": "add", "path": "/displayName", "value": "Somebody else"}])
    caller.ask("PATCH", table, [{"op": "add", "path": "/description", "value": "later"}])
    caller.ask("PUT", f"{table}/followers", admin["id"])

    kept = caller.ask("GET", f"{table}/versions/{answered['version']}")
    (event, *_) = [each for each in events(caller) if each["currentVersion"] == answered["version"]]

    assert kept["owners"][0]["displayName"] == "Somebody else"
    assert kept["followers"] == []
    assert orjson.loads(event["entity"]) == answered
    assert answered["owners"][0]["displayName"] != "Somebody else"


def events(caller: Caller) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = caller.ask("GET", "/events?entityUpdated=table")["data"]
    return listed
