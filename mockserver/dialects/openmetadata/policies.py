"""Who may do what: roles and policies of the caller and of the teams above, deny before allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.behaviours.related import related
from mockserver.contract.model import Contract
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
TOKEN = re.compile(r"\s*(isOwner\(\)|noOwner\(\)|&&|\|\||!|\(|\)|true|false)")
CONDITIONS = ("isOwner()", "noOwner()")


def policies_of(world: Transaction, contract: Contract, user: Record) -> Iterator[Record]:
    """The policies that hold for a user: through roles, and through teams, their default roles, and the teams above."""
    visited: set[str] = set()
    waiting = [user]
    while waiting:
        member = waiting.pop()
        for policy in _own_policies(world, contract, member):
            if policy.id not in visited:
                visited.add(policy.id)
                yield policy
        for relation in ("teams", "parents"):
            for team in _linked(world, contract, member, relation):
                if team.id not in visited:
                    visited.add(team.id)
                    waiting.append(team)


def _own_policies(world: Transaction, contract: Contract, member: Record) -> Iterator[Record]:
    for relation in ("roles", "defaultRoles"):
        for role in _linked(world, contract, member, relation):
            yield from _linked(world, contract, role, "policies")
    yield from _linked(world, contract, member, "policies")


def _linked(world: Transaction, contract: Contract, record: Record, name: str) -> list[Record]:
    relation = contract.resources[record.resource].relations.get(name)
    if relation is None:
        return []
    return [found for found in related(world, contract, record, relation) if not found.deleted]


def allows(
    world: Transaction, contract: Contract, user: Record, operations: Iterable[str], entity: str, record: Record | None
) -> bool:
    """Whether the user may do all of the operations."""
    return all(decide(world, contract, user, operation, entity, record) for operation in operations)


def decide(
    world: Transaction, contract: Contract, user: Record, operation: str, entity: str, record: Record | None
) -> bool:
    """Whether the user may do the operation on the entity type, or on that record of it."""
    allowed = False
    for policy in policies_of(world, contract, user):
        if not policy.data.get("enabled", True):
            continue
        for rule in policy.data.get("rules", ()):
            if not _covers(rule, operation, entity) or not _holds(world, contract, rule.get("condition"), user, record):
                continue
            if rule.get("effect") == "deny":
                return False
            allowed = True
    return allowed


def _covers(rule: Mapping[str, Json], operation: str, entity: str) -> bool:
    resources = {str(resource).lower() for resource in rule.get("resources", ())}
    if "all" not in resources and entity.lower() not in resources:
        return False
    operations = set(rule.get("operations", ()))
    return (
        operation in operations
        or "All" in operations
        or (operation.startswith("Edit") and "EditAll" in operations)
        or (operation.startswith("View") and "ViewAll" in operations)
    )


def _holds(world: Transaction, contract: Contract, condition: str | None, user: Record, record: Record | None) -> bool:
    if not condition:
        return True
    if record is None:
        return False
    owners = {owner.id for owner in _linked(world, contract, record, "owners")}
    teams = set(world.links(user.id, "teams"))
    return evaluate(condition, {"isOwner()": bool(owners & {user.id, *teams}), "noOwner()": not owners})


def evaluate(condition: str, facts: Mapping[str, bool]) -> bool:
    """The truth of a condition made of known facts, `!`, `&&`, `||` and brackets; a 400 Problem names what is not."""
    tokens = _tokens(condition)
    value, rest = _either(tokens, facts, condition)
    if rest:
        raise _unreadable(condition, rest[0])
    return value


def _tokens(condition: str) -> list[str]:
    tokens, at = [], 0
    text = condition.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise _unreadable(condition, text[at:].strip())
        tokens.append(match[1])
        at = match.end()
    return tokens


def _either(tokens: list[str], facts: Mapping[str, bool], condition: str) -> tuple[bool, list[str]]:
    value, rest = _both(tokens, facts, condition)
    while rest[:1] == ["||"]:
        other, rest = _both(rest[1:], facts, condition)
        value = value or other
    return value, rest


def _both(tokens: list[str], facts: Mapping[str, bool], condition: str) -> tuple[bool, list[str]]:
    value, rest = _fact(tokens, facts, condition)
    while rest[:1] == ["&&"]:
        other, rest = _fact(rest[1:], facts, condition)
        value = value and other
    return value, rest


def _fact(tokens: list[str], facts: Mapping[str, bool], condition: str) -> tuple[bool, list[str]]:
    if not tokens:
        raise _unreadable(condition, "its end")
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        value, rest = _fact(rest, facts, condition)
        return not value, rest
    if first == "(":
        value, rest = _either(rest, facts, condition)
        if rest[:1] != [")"]:
            raise _unreadable(condition, "its end")
        return value, rest[1:]
    if first in ("true", "false"):
        return first == "true", rest
    if first not in facts:
        raise _unreadable(condition, first)
    return facts[first], rest


def _unreadable(condition: str, at: str) -> Problem:
    known = ", ".join(CONDITIONS)
    message = f"Failed to parse condition '{condition}' at '{at}'; known are {known}, !, && and ||"
    return Problem(400, message, violations=(Violation("body /rules", message),))


def refusal(name: str, operations: Iterable[str]) -> Problem:
    listed = ", ".join(operations)
    return Problem(403, f"Principal: CatalogPrincipal{{name='{name}'}} operations [{listed}] not allowed")
