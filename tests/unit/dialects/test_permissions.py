"""What callers are told that they may do, which is what their operations then answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.known import KNOWN
from tests.support.engines import Caller

Json = Any


def told(caller: Caller, path: str, user: str = "admin") -> dict[str, Json]:
    """What is told of each operation on one type, or one record."""
    answer = caller.ask("GET", f"/permissions/{path}", user=user)
    return {each["operation"]: each for each in answer["permissions"]}


def test_what_a_caller_may_do_with_a_type_depends_on_the_record_where_a_rule_has_a_condition() -> None:
    found = told(Caller(), "table", "andrew_jennings3")
    assert found["Create"] == {"operation": "Create", "access": "notAllow"}
    assert (found["Delete"]["access"], found["Delete"]["policy"]) == ("conditionalAllow", "OrganizationPolicy")
    assert found["Delete"]["rule"]["condition"] == "isOwner()"
    assert "role" not in found["Delete"]
    assert (found["ViewAll"]["access"], found["ViewAll"]["role"]) == ("allow", "DataConsumer")
    assert found["EditAll"]["access"] == "conditionalAllow"
    assert found["EditDescription"]["access"] == "allow"


def test_what_is_certain_for_all_of_a_kind_is_not_told_of_each() -> None:
    found = told(Caller(), "table", "guest")
    assert "ViewBasic" not in found
    assert [operation for operation in found if operation.startswith("Edit")] == ["EditAll"]
    assert (found["EditAll"]["access"], found["EditAll"]["role"]) == ("deny", "Guest")


def test_an_administrator_may_do_everything_and_needs_no_rule() -> None:
    found = told(Caller(), "table")
    assert {operation: each["access"] for operation, each in found.items()} == dict.fromkeys(found, "allow")
    assert [each for each in found.values() if "rule" in each] == []


@pytest.mark.parametrize("profile", ["docs", "server-2.0"])
@pytest.mark.parametrize(("user", "access"), [("lars_nilsson5", "allow"), ("priya_raman8", "notAllow")])
def test_what_is_told_of_one_record_is_certain_and_comes_true(profile: str, user: str, access: str) -> None:
    caller = Caller(profile)
    by_id = told(caller, f"table/{KNOWN['ticket']}", user)
    assert by_id["Delete"]["access"] == access
    assert [each for each in by_id.values() if each["access"].startswith("conditional")] == []
    name = caller.ask("GET", f"/tables/{KNOWN['ticket']}")["fullyQualifiedName"]
    assert told(caller, f"table/name/{name}", user) == by_id
    assert told(caller, f"table/{KNOWN['ticket']}?user={user}") == by_id
    deleted = caller.reply("DELETE", f"/tables/{KNOWN['ticket']}", user=user)
    assert deleted.status == (200 if access == "allow" else 403)


def test_the_types_come_in_order_and_each_is_told_as_when_it_is_asked_for_alone() -> None:
    caller = Caller()
    listed = caller.ask("GET", "/permissions", user="andrew_jennings3")["data"]
    names = [each["resource"] for each in listed]
    assert names == ["all", *sorted(names[1:])]
    assert {"table", "glossaryTerm", "user"} <= set(names)
    for each in listed:
        assert caller.ask("GET", f"/permissions/{each['resource']}", user="andrew_jennings3") == each


def test_policies_together_give_what_their_strongest_rule_says() -> None:
    caller, consumer = Caller(), KNOWN["consumer_policy"]
    alone = caller.ask("GET", f"/permissions/policies?ids={consumer}")["data"][0]
    assert {each["operation"]: each["access"] for each in alone["permissions"]}["EditTags"] == "allow"
    both = caller.ask("GET", f"/permissions/policies?ids={consumer}&ids={KNOWN['read_only_policy']}")["data"][0]
    found = {each["operation"]: each for each in both["permissions"]}
    assert found["ViewAll"]["policy"] == "DataConsumerPolicy"
    assert (found["EditAll"]["access"], found["EditAll"]["policy"]) == ("deny", "ReadOnlyPolicy")
    assert "EditTags" not in found


def test_a_type_has_the_operations_of_its_fields() -> None:
    listed = {each["name"]: each["operations"] for each in Caller().ask("GET", "/policies/resources")["data"]}
    assert listed["all"][:2] == ["All", "Create"]
    assert {"ViewSampleData", "EditTags", "EditOwners", "EditCertification", "EditLineage"} <= set(listed["table"])
    assert "EditReviewers" in listed["glossaryTerm"]
    assert "EditReviewers" not in listed["table"]
    assert {"EditRole", "EditTeams"} <= set(listed["user"])


def test_a_role_that_is_taken_away_is_told_no_more() -> None:
    caller = Caller()
    assert told(caller, "table", "aaron_johnson0")["EditLineage"]["role"] == "DataSteward"
    caller.ask("PATCH", f"/users/{KNOWN['aaron']}", [{"op": "replace", "path": "/roles", "value": []}])
    assert told(caller, "table", "aaron_johnson0")["EditLineage"]["access"] == "conditionalAllow"
