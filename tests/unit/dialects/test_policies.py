"""Conditions of policy rules, and what rules together allow."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.dialects.openmetadata.policies import decide, evaluate
from mockserver.exchange import Problem
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from tests.support.worlds import openmetadata

Json = Any
CONTRACT = openmetadata()


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("isOwner()", True),
        ("noOwner()", False),
        ("!noOwner()", True),
        ("!!isOwner()", True),
        ("isOwner() && noOwner()", False),
        ("isOwner() || noOwner()", True),
        ("noOwner() || noOwner() || isOwner()", True),
        # `&&` binds closer than `||`.
        ("isOwner() || noOwner() && noOwner()", True),
        ("(isOwner() || noOwner()) && noOwner()", False),
        ("!(isOwner() && noOwner())", True),
        ("  isOwner()&&!noOwner()  ", True),
        ("true", True),
        ("false || isOwner()", True),
    ],
)
def test_a_condition_is_true_when_it_says_so(condition: str, truth: bool) -> None:
    assert evaluate(condition, {"isOwner()": True, "noOwner()": False}) is truth


@pytest.mark.parametrize(
    ("condition", "at"),
    [
        ("isKing()", "isKing()"),
        ("isOwner() &&", "its end"),
        ("isOwner() noOwner()", "noOwner()"),
        ("(isOwner()", "its end"),
        ("isOwner())", ")"),
        ("", "its end"),
        ("&& isOwner()", "&&"),
        ("isOwner() and noOwner()", "and noOwner()"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where_and_what_is_known(condition: str, at: str) -> None:
    with pytest.raises(Problem) as caught:
        evaluate(condition, {"isOwner()": True, "noOwner()": False})
    assert caught.value.status == 400
    assert f"at '{at}'; known are isOwner(), noOwner()" in caught.value.message


def rule(effect: str, operations: list[str], resources: list[str], condition: str | None = None) -> Json:
    written = {"name": "r", "effect": effect, "operations": operations, "resources": resources}
    return written if condition is None else {**written, "condition": condition}


def world(*rules: Json, through: str = "roles", enabled: bool = True) -> Transaction:
    """Ann, who is given one policy in some way, a team of hers, and a table."""
    made = Transaction(Root())
    for resource, name in (
        *(("users", "ann"), ("users", "bob"), ("teams", "crew"), ("teams", "Organization"), ("teams", "all")),
        *(("roles", "role"), ("tables", "table")),
    ):
        made.put(Record(resource, name, {"id": name, "name": name, "fullyQualifiedName": name}), name)
    policy = {
        "id": "policy",
        "name": "policy",
        "fullyQualifiedName": "policy",
        "enabled": enabled,
        "rules": list(rules),
    }
    made.put(Record("policies", "policy", policy), "policy")
    made.link("role", "policies", "policy")
    made.link("ann", "teams", "crew")
    made.link("crew", "parents", "all")
    ways = {
        "roles": ("ann", "roles", "role"),
        "team policy": ("crew", "policies", "policy"),
        "team role": ("crew", "defaultRoles", "role"),
        "team above": ("all", "policies", "policy"),
        "organization": ("Organization", "defaultRoles", "role"),
        "bob": ("bob", "roles", "role"),
    }
    made.link(*ways[through])
    return made


def may(made: Transaction, operation: str, entity: str = "table", record: str | None = "table") -> bool:
    user = made.record("ann")
    assert user is not None
    return decide(made, CONTRACT, user, operation, entity, None if record is None else made.record(record))


@pytest.mark.parametrize("through", ["roles", "team policy", "team role", "team above", "organization"])
def test_a_policy_reaches_a_user_through_roles_and_the_teams_above(through: str) -> None:
    assert may(world(rule("allow", ["ViewAll"], ["All"]), through=through), "ViewAll")


def test_a_policy_of_somebody_else_reaches_nobody() -> None:
    assert not may(world(rule("allow", ["ViewAll"], ["All"]), through="bob"), "ViewAll")


def test_without_a_rule_nothing_is_allowed() -> None:
    assert not may(world(), "ViewAll")


@pytest.mark.parametrize(
    ("granted", "operation", "allowed"),
    [
        ("All", "Delete", True),
        ("All", "EditTags", True),
        ("EditAll", "EditTags", True),
        ("EditAll", "EditEntityRelationship", True),
        ("EditAll", "Delete", False),
        ("EditAll", "ViewAll", False),
        ("ViewAll", "ViewBasic", True),
        ("EditTags", "EditAll", False),
        ("EditTags", "EditTags", True),
    ],
)
def test_an_operation_covers_those_it_stands_for(granted: str, operation: str, allowed: bool) -> None:
    assert may(world(rule("allow", [granted], ["All"])), operation) is allowed


@pytest.mark.parametrize(
    ("resources", "allowed"), [(["table"], True), (["Table"], True), (["team"], False), ([], False)]
)
def test_a_rule_holds_for_the_resources_it_names(resources: list[str], allowed: bool) -> None:
    assert may(world(rule("allow", ["ViewAll"], resources)), "ViewAll") is allowed


@pytest.mark.parametrize("denial_first", [True, False])
def test_a_denial_outweighs_every_allowance(denial_first: bool) -> None:
    rules = [rule("deny", ["EditTags"], ["table"]), rule("allow", ["All"], ["All"])]
    made = world(*(rules if denial_first else rules[::-1]))
    assert not may(made, "EditTags")
    assert may(made, "EditDescription")
    assert may(made, "EditTags", "team")


def test_a_policy_that_is_switched_off_says_nothing() -> None:
    assert not may(world(rule("allow", ["All"], ["All"]), enabled=False), "ViewAll")


def test_a_policy_that_is_deleted_says_nothing() -> None:
    made = world(rule("allow", ["All"], ["All"]))
    policy = made.record("policy")
    assert policy is not None
    made.replace(policy.with_data(deleted=True))
    assert not may(made, "ViewAll")


@pytest.mark.parametrize("owner", ["ann", "crew"])
def test_an_owner_is_the_user_or_a_team_of_the_users(owner: str) -> None:
    made = world(rule("allow", ["Delete"], ["All"], "isOwner()"))
    assert not may(made, "Delete")
    made.link("table", "owners", owner)
    assert may(made, "Delete")


def test_somebody_elses_record_is_not_ones_own() -> None:
    made = world(rule("allow", ["Delete"], ["All"], "isOwner() || noOwner()"))
    assert may(made, "Delete")
    made.link("table", "owners", "bob")
    assert not may(made, "Delete")


def test_a_condition_on_owners_never_holds_where_there_is_no_record() -> None:
    assert not may(world(rule("allow", ["Create"], ["All"], "noOwner()")), "Create", record=None)


def test_teams_that_are_above_each_other_end_the_search() -> None:
    made = world(rule("allow", ["ViewAll"], ["All"]), through="bob")
    made.link("all", "parents", "crew")
    assert not may(made, "ViewAll")
