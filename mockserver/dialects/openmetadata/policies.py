"""Who may do what: rules that deny come before rules that allow, and what no rule allows may not be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mockserver.behaviours.context import Context
from mockserver.behaviours.nearness import Near, joined, of_relation
from mockserver.behaviours.related import living
from mockserver.contract.model import Contract, Resource
from mockserver.dialects.openmetadata.circumstances import Circumstances
from mockserver.dialects.openmetadata.grants import ALL, Grant, Rule, granted, of_owner, of_policies
from mockserver.dialects.openmetadata.spel import Unanswerable, holds
from mockserver.exchange import Problem
from mockserver.world.recall import Reader
from mockserver.world.record import Record

# The relations that conditions ask about.
ASKED = ("owners", "domains", "reviewers")
# Operations that policies do not give: for administrators alone, or for them and bots.
FOR_ADMINS, FOR_BOTS = "Admin", "AdminOrBot"


def authorize(context: Context, operations: Iterable[str], record: Record | None) -> None:
    """Raises a 403 Problem that names what forbids it, unless the caller, no administrator, may do all of it."""
    principal, left = context.principal, list(operations)
    if FOR_ADMINS in left or (FOR_BOTS in left and not principal.bot):
        raise not_admin(principal.name)
    if FOR_BOTS in left:
        return
    user = context.world.record(principal.id) if principal.id else None
    if user is None:
        raise refusal(principal.name, left)
    at = circumstances(context, user, record)
    check(at, left, entity_of(context, record))


def check(at: Circumstances, operations: list[str], entity: str) -> None:
    """Raises a 403 Problem unless the rules let the user do all of the operations on the entity type in question."""
    left, name, grants = operations, at.user.name, reaching(at)
    for grant, rule in _rules(grants, denies=True):
        for operation in left:
            if rule.covers(operation, entity) and applies(at, grant, rule):
                raise denial(name, operation, grant, rule)
    for grant, rule in _rules(grants, denies=False):
        if any(rule.covers(operation, entity) for operation in left) and applies(at, grant, rule):
            left = [operation for operation in left if not rule.covers(operation, entity)]
            if not left:
                return
    if left:
        raise refusal(name, left)


def applies(at: Circumstances, grant: Grant, rule: Rule) -> bool:
    """Whether a rule's condition holds; one that has no answer here never does."""
    if rule.condition is None:
        return True
    try:
        return holds(rule.condition, at._replace(team=grant.team).ask)
    except Unanswerable:
        return False


def hides(context: Context) -> Callable[[Record], bool] | None:
    """Says of a record whether the caller, no administrator, may not see it; None where everything may be seen."""
    principal, world, contract = context.principal, context.world, context.contract
    user = world.record(principal.id) if principal.id else None
    if user is None:
        return lambda record: True
    own = world.recall(("granted", user.id), granted, contract, user.id)
    sees_all = any(
        rule.resources is None and rule.condition is None and _is_view(rule) for rule in _allowing(own.grants)
    )
    if sees_all and not world.recall(("hiding",), _hiding, contract):
        return None

    def hidden(record: Record) -> bool:
        at = Circumstances(world, contract, user, record)
        try:
            check(at, ["ViewBasic"], contract.resources[record.resource].entity)
        except Problem:
            return True
        return False

    return hidden


def looks_at(contract: Contract, resource: Resource) -> Near | None:
    """What conditions ask of a record, as `Circumstances` tells it: a user is his own."""
    if resource.name == "users":
        return None
    asked = (of_relation(contract, resource, name) for name in ASKED if name in resource.relations)
    return joined([Near(fields=frozenset(("certification",)), labels=True), *asked])


def _allowing(grants: Iterable[Grant]) -> Iterator[Rule]:
    return (rule for _, rule in _rules(grants, denies=False))


def _is_view(rule: Rule) -> bool:
    return not rule.operations.isdisjoint(("ViewBasic", "ViewAll", ALL))


def _hiding(world: Reader, contract: Contract) -> bool:
    """Whether any policy there is hides something, be it from some people alone."""
    policies = [record for record in living(world, "policies") if record.data.get("enabled", True)]
    return any(_is_view(rule) for _, rule in _rules(of_policies(policies), denies=True))


def entity_of(context: Context, record: Record | None) -> str:
    """What rules name the record by, or what the operation works on."""
    if record is not None:
        return context.contract.resources[record.resource].entity
    return context.resource.entity if context.operation.resource else "all"


def circumstances(context: Context, user: Record, record: Record | None) -> Circumstances:
    below = tuple(_containing(context)) if record is None else ()
    return Circumstances(context.world, context.contract, user, record, below)


def _containing(context: Context) -> Iterator[Record]:
    """What a record that is to be made would stand below, as far as the body names it."""
    resource, body = context.operation.resource, context.body
    if resource is None or not isinstance(body, dict):
        return
    for parent in resource.naming.parents:
        name = body.get(parent)
        for above in resource.relations[parent].to if isinstance(name, str) else ():
            found = context.world.find(above, str(name))
            if found is not None and not found.deleted:
                yield found


def reaching(at: Circumstances) -> tuple[Grant, ...]:
    """What is given to the user, and to everybody by the teams that own what is meant."""
    world, contract = at.world, at.contract
    own = world.recall(("granted", at.user.id), granted, contract, at.user.id)
    grants = own.grants
    for owner in at.owners:
        if owner.resource == "teams" and owner.id not in own.teams:
            grants += world.recall(("granted by", owner.id), of_owner, contract, owner.id)
    return grants


def _rules(grants: Iterable[Grant], *, denies: bool) -> Iterator[tuple[Grant, Rule]]:
    return ((grant, rule) for grant in grants for rule in grant.rules if rule.denies is denies)


def denial(name: str, operation: str, grant: Grant, rule: Rule) -> Problem:
    """What a rule that denies answers."""
    by = "denied" if grant.role is None else f"denied by role {grant.role},"
    whence = f"policy {grant.policy}, rule {rule.name}"
    return Problem(403, f"Principal: CatalogPrincipal{{name='{name}'}} operation {operation} {by} {whence}")


def refusal(name: str, operations: Iterable[str]) -> Problem:
    """What is answered where no rule allows it."""
    listed = ", ".join(operations)
    return Problem(403, f"Principal: CatalogPrincipal{{name='{name}'}} operations [{listed}] not allowed")


def not_admin(name: str) -> Problem:
    return Problem(403, f"Principal: CatalogPrincipal{{name='{name}'}} is not admin")
