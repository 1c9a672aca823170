"""A kept version says everything as it was, and points to the server where its reader has found it."""

from __future__ import annotations

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
