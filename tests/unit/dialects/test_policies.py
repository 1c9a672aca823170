"""What the rules of policies together allow, and what a refusal says."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.dialects.openmetadata.circumstances import Circumstances
from mockserver.dialects.openmetadata.policies import check
from mockserver.exchange import Problem
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from tests.support.worlds import openmetadata

Json = Any
CONTRACT = openmetadata()


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


def refused(made: Transaction, operation: str, entity: str = "table", record: str | None = "table") -> str | None:
    """What the refusal says; None where there is none."""
    user = made.record("ann")
    assert user is not None
    found = None if record is None else made.record(record)
    try:
        check(Circumstances(made, CONTRACT, user, found), [operation], entity)
    except Problem as problem:
        return problem.message
    return None


def may(made: Transaction, operation: str, entity: str = "table", record: str | None = "table") -> bool:
    return refused(made, operation, entity, record) is None


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


def test_nobody_owns_what_is_not_there_yet() -> None:
    made = world(rule("allow", ["Create"], ["All"], "noOwner()"))
    assert may(made, "Create", record=None)
    assert not may(world(rule("allow", ["Create"], ["All"], "isOwner()")), "Create", record=None)


def test_a_denial_names_role_policy_and_rule() -> None:
    made = world(rule("deny", ["EditAll"], ["table"]))
    whence = "denied by role role, policy policy, rule r"
    assert refused(made, "EditTags") == f"Principal: CatalogPrincipal{{name='ann'}} operation EditTags {whence}"
    made = world(rule("deny", ["EditAll"], ["table"]), through="team policy")
    whence = "denied policy policy, rule r"
    assert refused(made, "EditTags") == f"Principal: CatalogPrincipal{{name='ann'}} operation EditTags {whence}"


def test_what_no_rule_allows_is_named() -> None:
    said = "Principal: CatalogPrincipal{name='ann'} operations [EditTags] not allowed"
    assert refused(world(), "EditTags") == said


@pytest.mark.parametrize(("through", "allowed"), [("roles", True), ("team policy", False), ("team role", False)])
def test_a_bot_has_what_its_own_roles_give_and_nothing_of_its_teams(through: str, allowed: bool) -> None:
    made = world(rule("allow", ["ViewAll"], ["All"]), through=through)
    bot = made.record("ann")
    assert bot is not None
    made.replace(bot.with_data(isBot=True))
    assert may(made, "ViewAll") is allowed


def test_the_policies_of_a_team_that_owns_something_hold_for_everybody_there() -> None:
    made = world(rule("deny", ["ViewAll"], ["table"]), through="bob")
    made.link("role", "policies", "policy")
    made.link("others", "policies", "policy")
    made.put(Record("teams", "others", {"id": "others", "name": "others", "fullyQualifiedName": "others"}), "others")
    whole = Record("policies", "reading", {"name": "reading", "rules": [rule("allow", ["ViewAll"], ["All"])]})
    made.put(whole, "reading")
    made.link("crew", "policies", "reading")
    assert may(made, "ViewAll")
    made.link("table", "owners", "others")
    assert not may(made, "ViewAll")


@pytest.mark.parametrize(("owner", "allowed"), [("ann", True), ("crew", True), ("bob", False), (None, False)])
def test_a_team_is_matched_when_user_and_owner_are_both_below_it(owner: str | None, allowed: bool) -> None:
    made = world(rule("allow", ["Delete"], ["All"], "matchTeam()"), through="team above")
    if owner is not None:
        made.link("table", "owners", owner)
    assert may(made, "Delete") is allowed


def test_a_policy_that_came_by_a_role_of_ones_own_matches_no_team() -> None:
    made = world(rule("allow", ["Delete"], ["All"], "matchTeam()"))
    made.link("table", "owners", "ann")
    assert not may(made, "Delete")


def test_teams_that_are_above_each_other_end_the_search() -> None:
    made = world(rule("allow", ["ViewAll"], ["All"]), through="bob")
    made.link("all", "parents", "crew")
    assert not may(made, "ViewAll")
