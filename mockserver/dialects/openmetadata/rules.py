"""How many may own a record, and to how many domains it may belong."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem, Violation
from mockserver.world.links import Links
from mockserver.world.record import Record

# Types that the rules of domains and data products do not hold for.
UNRULED = frozenset(("user", "team", "persona", "bot", "query"))


def check(context: Context, links: Mapping[str, Links]) -> None:
    """Refuses owners and domains, as far as they are to be written, that break a rule."""
    if owners := links.get("owners"):
        _check_owners(context, [record for id in owners if (record := context.world.record(id)) is not None])
    if len(links.get("domains", ())) > 1 and context.resource.entity not in UNRULED:
        about = "By default, we only allow entities to be assigned to a single domain, except for Users and Teams."
        raise _placed(context, "domains", broken("Multiple Domains are not allowed", about))


def broken(rule: str, about: str) -> Problem:
    """The refusal of a record that does not keep a rule."""
    told = f"Rule [{rule}] validation failed: Entity does not satisfy the rule. Rule context: {about}"
    return Problem(400, told)


def _placed(context: Context, field: str, refusal: Problem) -> Problem:
    """The refusal with its place, where refusals tell theirs."""
    return refusal if context.contract.errors.plain else Problem.of([Violation(f"body /{field}", refusal.message)])


def _check_owners(context: Context, owners: list[Record]) -> None:
    teams = [owner for owner in owners if owner.resource == "teams"]
    if teams and len(owners) > 1:
        about = "Validates that an entity has either multiple owners or a single team as the owner."
        raise _placed(context, "owners", broken("Multiple Users or Single Team Ownership", about))
