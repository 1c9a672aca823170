"""Answers that follow from earlier ones are those of a server that has shown nothing yet."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.world.world import World
from tests.support.engines import Caller

Json = Any
TABLE = "/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
ASKED = ("", "?fields=*", "?fields=tags,votes", "/versions")


def label(name: str) -> Json:
    return {"tagFQN": name, "source": "Classification", "labelType": "Manual", "state": "Confirmed"}


def column(name: str, *labels: str) -> Json:
    return {"name": name, "dataType": "INT", "tags": [label(each) for each in labels]}


def owner(id: str) -> Json:
    return {"id": id, "type": "user"}


VALUES: dict[str, tuple[Json, Json, Json]] = {
    "description": ("one", "two", "three"),
    "displayName": ("One", "Two", "Three"),
    "retentionPeriod": ("P1D", "P2D", "P3D"),
    "columns": ([column("a")], [column("b.c", "Tier.Tier1")], [column("b.c"), column("d", "Tier.Tier1")]),
    "tags": ([label("Tier.Tier1")], [label("Handling.Internal")], [label("Tier.Tier1"), label("Handling.Internal")]),
    "owners": ([owner("61fadc6d-875b-4eff-b759-629ab6cfe835")], [], [owner("e41c70db-4f3f-407c-a8ec-3450159840ea")]),
}


@pytest.mark.parametrize("field", VALUES)
def test_what_was_shown_before_a_patch_shows_in_no_answer_after_it(field: str) -> None:
    caller, stranger = Caller(), Caller()
    for value in VALUES[field]:
        caller.ask("PATCH", TABLE, [{"op": "add", "path": f"/{field}", "value": value}])
        stranger.world = World(caller.world.root)
        for asked in ASKED:
            assert caller.reply("GET", TABLE + asked).body == stranger.reply("GET", TABLE + asked).body


def test_a_label_that_stays_is_told_with_its_words_after_a_patch() -> None:
    caller, stranger = Caller(), Caller()
    for state in ("Confirmed", "Suggested", "Confirmed"):
        tags = {"op": "add", "path": "/tags", "value": [{**label("Tier.Tier1"), "state": state}]}
        caller.ask("PATCH", TABLE, [tags, {"op": "add", "path": "/description", "value": state}])
        stranger.world = World(caller.world.root)
        for asked in ASKED:
            assert caller.reply("GET", TABLE + asked).body == stranger.reply("GET", TABLE + asked).body
