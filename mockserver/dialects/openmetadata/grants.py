"""What a user is given: the rules of the policies that reach a user through roles and teams, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockserver.behaviours.related import related
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.spel import Node, parse
from mockserver.world.recall import Reader
from mockserver.world.record import Record

Json = Any
ALL = "All"
# Stands for every resource, however it is written.
EVERY_RESOURCE = "all"
parsed = lru_cache(maxsize=256)(parse)


class Rule(NamedTuple):
    """One rule of a policy: on what it holds, for which operations, and when; None is everything, and always."""

    name: str
    denies: bool
    resources: frozenset[str] | None
    operations: frozenset[str]
    condition: Node | None
    written: Mapping[str, Json]

    def covers(self, operation: str, entity: str) -> bool:
        if self.resources is not None and entity.lower() not in self.resources:
            return False
        given = self.operations
        return (
            operation in given
            or ALL in given
            or (operation.startswith("Edit") and "EditAll" in given)
            or (operation.startswith("View") and "ViewAll" in given)
        )


class Grant(NamedTuple):
    """The rules of one policy, and how it came to the user: in a role, through a team, or both."""

    policy: str
    role: str | None
    team: str | None
    rules: tuple[Rule, ...]


class Granted(NamedTuple):
    """All that reaches a user, what is nearest first, and the teams that it came through."""

    grants: tuple[Grant, ...]
    teams: frozenset[str]


def granted(world: Reader, contract: Contract, id: str) -> Granted:
    """What reaches a user. Bots have what their own roles give, and nothing of their teams."""
    user = world.record(id)
    if user is None:
        return Granted((), frozenset())
    visited: set[str] = set()
    grants = list(_of_roles(world, contract, user, "roles", None))
    grants.extend(_of_policies(world, contract, user, None, None))
    for team in () if user.data.get("isBot") else linked(world, contract, user, "teams"):
        grants.extend(_of_team(world, contract, team, visited, roles=True))
    return Granted(tuple(grants), frozenset(visited))


def of_owner(world: Reader, contract: Contract, id: str) -> tuple[Grant, ...]:
    """What the policies of a team that owns something, and of those above it, give to everybody."""
    team = world.record(id)
    return () if team is None else tuple(_of_team(world, contract, team, set(), roles=False))


def of_policies(policies: list[Record]) -> tuple[Grant, ...]:
    """What some policies give by themselves."""
    return tuple(_grant(policy, None, None) for policy in policies)


def above(world: Reader, contract: Contract, team: Record) -> Iterator[Record]:
    """A team and all teams above it, each once."""
    visited: set[str] = set()
    waiting = [team]
    while waiting:
        found = waiting.pop(0)
        if found.id not in visited:
            visited.add(found.id)
            yield found
            waiting.extend(linked(world, contract, found, "parents"))


def linked(world: Reader, contract: Contract, record: Record, name: str) -> list[Record]:
    """The living records that a relation leads to; none where there is no such relation."""
    relation = contract.resources[record.resource].relations.get(name)
    if relation is None:
        return []
    return [found for found in related(world, contract, record, relation) if not found.deleted]


def _of_team(world: Reader, contract: Contract, team: Record, visited: set[str], *, roles: bool) -> Iterator[Grant]:
    if team.id in visited:
        return
    visited.add(team.id)
    if roles:
        yield from _of_roles(world, contract, team, "defaultRoles", team.name)
    yield from _of_policies(world, contract, team, None, team.name)
    for parent in linked(world, contract, team, "parents"):
        yield from _of_team(world, contract, parent, visited, roles=roles)


def _of_roles(world: Reader, contract: Contract, holder: Record, relation: str, team: str | None) -> Iterator[Grant]:
    for role in linked(world, contract, holder, relation):
        yield from _of_policies(world, contract, role, role.name, team)


def _of_policies(
    world: Reader, contract: Contract, holder: Record, role: str | None, team: str | None
) -> Iterator[Grant]:
    for policy in linked(world, contract, holder, "policies"):
        if policy.data.get("enabled", True):
            yield _grant(policy, role, team)


def _grant(policy: Record, role: str | None, team: str | None) -> Grant:
    return Grant(policy.name, role, team, tuple(_rule(written) for written in policy.data.get("rules", ())))


def _rule(written: Mapping[str, Json]) -> Rule:
    resources = frozenset(str(resource).lower() for resource in written.get("resources", ()))
    condition = written.get("condition")
    return Rule(
        str(written.get("name")),
        written.get("effect") == "deny",
        None if EVERY_RESOURCE in resources else resources,
        frozenset(written.get("operations", ())),
        parsed(condition) if condition else None,
        written,
    )
