"""What somebody may do, told operation by operation: from the same rules that decide whether it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.contract.model import Contract, Resource
from mockserver.contract.problem import nearest
from mockserver.dialects.openmetadata import build, policies
from mockserver.dialects.openmetadata.circumstances import FUNCTIONS, Circumstances
from mockserver.dialects.openmetadata.grants import Grant, Rule, granted, of_policies
from mockserver.dialects.openmetadata.ruling import try_out
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
COMMON = (
    *("Create", "Delete", "ViewAll", "ViewBasic", "EditAll", "EditDescription", "EditDisplayName"),
    *("EditGlossaryTerms", "EditTier"),
)
# Operations that a resource has when its records have these fields.
BY_FIELD = {
    "tags": "EditTags",
    "owners": "EditOwners",
    "extension": "EditCustomFields",
    "roles": "EditRole",
    "defaultRoles": "EditRole",
    "reviewers": "EditReviewers",
    "certification": "EditCertification",
    "followers": "EditEntityRelationship",
}
EVERYTHING = "all"
NOT_ALLOWED = "notAllow"
# From the strongest: what comes first outweighs what comes after it.
ACCESS = ("deny", "allow", "conditionalDeny", "conditionalAllow", NOT_ALLOWED)
CERTAIN = ("allow", "deny")


def check_condition(context: Context, condition: str) -> None:
    """Refuses a condition that a rule could not have, with 400."""
    try_out(context.world, condition, "path expression")


def functions() -> list[Json]:
    """What conditions may call."""
    return [
        {"name": name, "input": each.input, "description": each.description, "examples": list(each.examples)}
        for name, each in FUNCTIONS.items()
    ]


def resources(contract: Contract) -> list[Json]:
    """What rules may name, and the operations that there are on each."""
    every = [("all", operations(contract, EVERYTHING))]
    named = sorted((entity, operations(contract, entity)) for entity in contract.by_entity)
    return [{"name": name, "operations": each} for name, each in (*every, *named)]


def operations(contract: Contract, entity: str) -> list[str]:
    """The operations on an entity type in the contract's order; on `all`, all of them."""
    known: list[str] = contract.parts["components"]["schemas"]["PolicyOperation"]["enum"]
    if entity == EVERYTHING:
        return list(known)
    own = _own(contract.by_entity[entity])
    return [operation for operation in known if operation in own]


def _own(resource: Resource) -> set[str]:
    fields = {*resource.properties, *resource.relations}
    by_field = {operation for field, operation in BY_FIELD.items() if field in fields}
    return {*COMMON, *by_field, *resource.permissions.values(), *resource.views.values(), *resource.operations}


def of_every_type(context: Context, user: str | None) -> list[Json]:
    """What the caller, or somebody else, may do with each type."""
    contract, somebody = context.contract, _somebody(context, user)
    grants = _grants(context, somebody)
    return [_told(contract, entity, _by_type(entity, grants)) for entity in (EVERYTHING, *sorted(contract.by_entity))]


def of_type(context: Context, user: str | None, entity: str) -> Json:
    somebody, name = _somebody(context, user), _type(context.contract, entity)
    return _told(context.contract, name, _by_type(name, _grants(context, somebody)))


def of_record(context: Context, user: str | None, entity: str, id: str | None, name: str | None) -> Json:
    """What the caller, or somebody else, may do with one record, deleted or not."""
    contract, somebody = context.contract, _somebody(context, user)
    resource = contract.by_entity.get(_type(contract, entity))
    wanted = str(id or name)
    found = None
    if resource is not None:
        found = context.world.record(wanted.lower()) if id is not None else context.world.find(resource.name, wanted)
    if resource is None or found is None or found.resource != resource.name:
        raise build.not_found(entity, wanted)
    if somebody.data.get("isAdmin"):
        return _told(contract, resource.entity, None)
    return _told(contract, resource.entity, _by_record(context, resource.entity, somebody, found))


def of_these(context: Context, ids: Iterable[str]) -> list[Json]:
    """What some policies give by themselves; the caller must be allowed to see them."""
    contract, found = context.contract, []
    for id in ids:
        policy = context.world.record(id.lower())
        if policy is None or policy.resource != "policies" or policy.deleted:
            raise build.not_found("policy", id)
        context.dialect.authorize(context, ["ViewAll"], policy)
        found.append(policy)
    grants = of_policies(found)
    return [_told(contract, entity, _by_type(entity, grants)) for entity in (EVERYTHING, *sorted(contract.by_entity))]


def _somebody(context: Context, user: str | None) -> Record:
    """Whose permissions are meant; only administrators may ask for those of others."""
    principal = context.principal
    if user is not None and user != principal.name and not principal.admin:
        raise policies.not_admin(principal.name)
    wanted = user or principal.name
    found = build.user_named(context.world, wanted)
    if found is None:
        raise build.not_found("user", wanted)
    return found


def _type(contract: Contract, entity: str) -> str:
    known = {EVERYTHING: EVERYTHING, **{each.lower(): each for each in contract.by_entity}}
    if (found := known.get(entity.lower())) is not None:
        return found
    meant = nearest(entity, known.values())
    message = f"Resource type {entity} not found" + (f"; did you mean '{meant}'?" if meant else "")
    raise Problem(400, message, violations=(Violation("path resource", message),))


def _grants(context: Context, user: Record) -> tuple[Grant, ...] | None:
    """What reaches somebody; None for an administrator, who needs no rule."""
    if user.data.get("isAdmin"):
        return None
    return context.world.recall(("granted", user.id), granted, context.contract, user.id).grants


Found = Iterator[tuple[Grant, Rule, str]]


def _by_type(entity: str, grants: tuple[Grant, ...] | None) -> Found | None:
    """Every rule on a type with what it comes to where no record is meant."""
    if grants is None:
        return None
    return (
        (grant, rule, _access(rule, certain=rule.condition is None))
        for grant in grants
        for rule in grant.rules
        if rule.resources is None or entity.lower() in rule.resources
    )


def _by_record(context: Context, entity: str, user: Record, record: Record) -> Found:
    """Every rule on a type that applies to one of its records."""
    at = Circumstances(context.world, context.contract, user, record)
    for grant in policies.reaching(at):
        for rule in grant.rules:
            if (rule.resources is None or entity.lower() in rule.resources) and policies.applies(at, grant, rule):
                yield grant, rule, _access(rule, certain=True)


def _access(rule: Rule, *, certain: bool) -> str:
    if certain:
        return "deny" if rule.denies else "allow"
    return "conditionalDeny" if rule.denies else "conditionalAllow"


def _told(contract: Contract, entity: str, found: Found | None) -> Json:
    """The strongest access to each operation, and the rule that gives it; without rules, all is allowed."""
    told: dict[str, dict[str, Json]] = {
        operation: {"operation": operation, "access": NOT_ALLOWED if found is not None else "allow"}
        for operation in operations(contract, entity)
    }
    for grant, rule, access in found or ():
        for operation, before in told.items():
            if ACCESS.index(access) < ACCESS.index(before["access"]) and rule.covers(operation, entity):
                told[operation] = {"operation": operation, "access": access, **_whence(grant, rule)}
    return {"resource": entity, "permissions": list(_trimmed(told))}


def _whence(grant: Grant, rule: Rule) -> Json:
    role = {} if grant.role is None else {"role": grant.role}
    return {"rule": dict(rule.written), "policy": grant.policy, **role}


def _trimmed(told: dict[str, dict[str, Json]]) -> Iterator[Json]:
    """What is certain for all that begin with Edit, or with View, is not told of each of them."""
    whole = {word for word in ("View", "Edit") if told.get(f"{word}All", {}).get("access") in CERTAIN}
    for operation, permission in told.items():
        if operation[:4] not in whole or operation.endswith("All"):
            yield permission
