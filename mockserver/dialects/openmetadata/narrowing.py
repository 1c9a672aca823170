"""Who is kept to their own domains by a role, and what is left of a list for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata.grants import granted, linked
from mockserver.exchange import Problem
from mockserver.world.record import Record

ROLE = "DomainOnlyAccessRole"
DOMAINS = "domains"


def narrows(context: Context) -> Callable[[Record], bool] | None:
    """Says of a record whether a list leaves it out for the caller, no administrator; None where all may stay.

    What counts are the domains that a record has by itself: a list does not look at what it inherits.
    """
    world, own = context.world, _kept_to(context)
    if own is None:
        return None
    ids = {each.id for each in own}

    def left_out(record: Record) -> bool:
        if record.resource == DOMAINS:
            return not within(own, [record])
        theirs = world.links(record.id, DOMAINS)
        return bool(theirs) and ids.isdisjoint(theirs)

    return left_out


def severs(context: Context) -> Callable[[Record], bool] | None:
    """Says of a record whether a graph leaves it out for the caller.

    The domains that it inherits count, and so do those below one's own.
    """
    own = _kept_to(context)
    if own is None:
        return None

    def severed(record: Record) -> bool:
        theirs = linked(context.world, context.contract, record, DOMAINS)
        return bool(theirs) and not within(own, theirs)

    return severed


def admit(context: Context, entity: Record) -> None:
    """Refuses to open a task about what is in none of the caller's domains, if the caller is kept to them."""
    own = None if context.principal.admin else _kept_to(context)
    if own is None:
        return
    theirs = linked(context.world, context.contract, entity, DOMAINS)
    name = entity.data["fullyQualifiedName"]
    if not theirs:
        raise Problem(403, f"User with domain-only access cannot create task on entity '{name}' with no domain")
    if not own:
        raise Problem(403, f"User with domain-only access has no assigned domains and cannot create task on '{name}'")
    if {each.id for each in own}.isdisjoint(each.id for each in theirs):
        listed = ", ".join(str(each.data["fullyQualifiedName"]) for each in theirs)
        message = f"User with domain-only access cannot create task on entity '{name}' in domains [{listed}]"
        raise Problem(403, message)


def _kept_to(context: Context) -> list[Record] | None:
    """The domains to which the caller is kept; None for those who are not, and for bots."""
    principal, world, contract = context.principal, context.world, context.contract
    user = world.record(principal.id) if principal.id and not principal.bot else None
    if user is None:
        return None
    grants = world.recall(("granted", user.id), granted, contract, user.id).grants
    if all(grant.role != ROLE for grant in grants):
        return None
    return list(linked(world, contract, user, DOMAINS))


def within(own: Iterable[Record], theirs: Iterable[Record]) -> bool:
    """Whether one of these domains is one of a user's own, or below it."""
    names = tuple(str(each.data["fullyQualifiedName"]) for each in own)
    found = (str(each.data["fullyQualifiedName"]) for each in theirs)
    return any(name == each or name.startswith(f"{each}.") for name in found for each in names)
