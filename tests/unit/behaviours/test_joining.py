"""Joins of tables: each day's count stands once, thirty days are summed up, and both ends tell the same."""

from __future__ import annotations

from typing import Any

from tests.support.engines import Caller

Json = Any
DAY = 24 * 60 * 60 * 1000
NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
HERE, THERE = "455e3d9d-dbbf-455e-b3be-7191daa825f3", "6dd9de7b-8e1a-4cc7-bcc3-b28706028b3e"
SHOP = "sample_data.ecommerce_db.shopify"


def caller_at(moment: int) -> Caller:
    caller = Caller("server-2.0")
    caller.world.set_clock(caller.world.root.clock.freeze(moment))
    return caller


def told(day: str, count: int, column: str = f"{SHOP}.dim_agent.agent_id") -> Json:
    joined = [{"fullyQualifiedName": column, "joinCount": count}]
    return {"startDate": day, "dayCount": 1, "columnJoins": [{"columnName": "agent_id", "joinedWith": joined}]}


def sums(caller: Caller, id: str) -> Json:
    return caller.ask("GET", f"/tables/{id}?fields=joins")["joins"]


def test_days_are_summed_up_and_seen_from_both_ends() -> None:
    caller = caller_at(NOON)
    caller.ask("PUT", f"/tables/{HERE}/joins", told("2025-12-31", 5))
    answer = caller.ask("PUT", f"/tables/{HERE}/joins", told("2026-01-01", 7))["joins"]
    assert (answer["startDate"], answer["dayCount"]) == ("2025-12-02", 30)
    assert answer["columnJoins"] == [
        {
            "columnName": "agent_id",
            "joinedWith": [{"fullyQualifiedName": f"{SHOP}.dim_agent.agent_id", "joinCount": 12}],
        }
    ]
    assert sums(caller, HERE) == answer
    assert sums(caller, THERE)["columnJoins"] == [
        {
            "columnName": "agent_id",
            "joinedWith": [{"fullyQualifiedName": f"{SHOP}.agent_performance_summary.agent_id", "joinCount": 12}],
        }
    ]


def test_a_day_told_again_from_the_other_end_replaces_the_first() -> None:
    caller = caller_at(NOON)
    caller.ask("PUT", f"/tables/{HERE}/joins", told("2026-01-01", 5))
    caller.ask("PUT", f"/tables/{THERE}/joins", told("2026-01-01", 2, f"{SHOP}.agent_performance_summary.agent_id"))
    assert sums(caller, HERE)["columnJoins"][0]["joinedWith"][0]["joinCount"] == 2


def test_what_is_older_than_thirty_days_is_forgotten() -> None:
    caller = caller_at(NOON)
    caller.ask("PUT", f"/tables/{HERE}/joins", told("2025-12-02", 5))
    caller.world.set_clock(caller.world.root.clock.freeze(NOON + DAY))
    caller.ask("PUT", f"/tables/{HERE}/joins", told("2026-01-01", 3))
    assert sums(caller, HERE)["columnJoins"][0]["joinedWith"][0]["joinCount"] == 3


def test_whole_tables_are_joined_too() -> None:
    caller = caller_at(NOON)
    joined = [{"fullyQualifiedName": f"{SHOP}.dim_agent", "joinCount": 4}]
    caller.ask("PUT", f"/tables/{HERE}/joins", {"startDate": "2026-01-01", "dayCount": 1, "directTableJoins": joined})
    assert sums(caller, HERE)["directTableJoins"] == joined
    assert sums(caller, THERE)["directTableJoins"] == [
        {"fullyQualifiedName": f"{SHOP}.agent_performance_summary", "joinCount": 4}
    ]


def test_what_cannot_be_joined_is_refused_and_nothing_is_counted() -> None:
    caller = caller_at(NOON)
    refused = {
        "Date range can only include past 30 days starting today": told("2025-12-01", 1),
        "Invalid fully qualified column name columnDB": told("2026-01-01", 1, "columnDB"),
        f"Invalid fully qualified column name {SHOP}.dim_agent.nope": told("2026-01-01", 1, f"{SHOP}.dim_agent.nope"),
    }
    for message, body in refused.items():
        reply = caller.reply("PUT", f"/tables/{HERE}/joins", body)
        assert (reply.status, message in reply.body.decode()) == (400, True), reply.body
    assert "joins" not in caller.ask("GET", f"/tables/{HERE}?fields=joins")


def test_a_join_of_a_table_makes_no_version() -> None:
    caller = caller_at(NOON)
    before = caller.ask("GET", f"/tables/{THERE}")["version"]
    caller.ask("PUT", f"/tables/{HERE}/joins", told("2026-01-01", 1))
    assert caller.ask("GET", f"/tables/{THERE}")["version"] == before
