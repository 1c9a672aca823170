"""Who may do something with a record because of what he may do with the one that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.behaviours.related import related
from mockserver.dialects.openmetadata import policies
from mockserver.exchange import Problem
from mockserver.world.record import Record


def vouched(context: Context, operations: Sequence[str], record: Record | None) -> bool:
    """Whether the rules let the caller do what stands for all of the operations with what the record is about."""
    user = context.world.record(context.principal.id) if context.principal.id else None
    resource = context.contract.resources[record.resource] if record is not None else context.operation.resource
    if user is None or resource is None or not resource.vouched:
        return False
    meant = [_standing_for(resource.vouched, operation) for operation in operations]
    needed = sorted({each for each in meant if each is not None})
    if None in meant or not needed:
        return False
    return any(_may(context, user, needed, about) for about in _about(context, record))


def _standing_for(vouched: Mapping[str, str], operation: str) -> str | None:
    """What one operation is with the other record, by the word that it begins with."""
    return next((other for word, other in vouched.items() if operation.startswith(word)), None)


def _may(context: Context, user: Record, operations: list[str], about: Record) -> bool:
    try:
        at = policies.circumstances(context, user, about)
        policies.check(at, operations, context.contract.resources[about.resource].entity)
    except Problem:
        return False
    return True


def _about(context: Context, record: Record | None) -> Iterator[Record]:
    """What a record is about; or what is said of that by a body that makes one, or by the filters of a list."""
    world, contract = context.world, context.contract
    if record is not None:
        resource = contract.resources[record.resource]
        about = resource.quality.about
        if about is not None:
            yield from related(world, contract, record, resource.relations[about.relation])
        return
    resource = context.resource
    about = resource.quality.about
    if about is None:
        return
    given = {**context.arguments, **(context.body if isinstance(context.body, dict) else {})}
    link = parsed(str(given.get(about.by)))
    name = str(given.get(about.named)) if link is None else link.name
    for end in resource.relations[about.relation].to:
        found = world.find(end, name) or world.find(end, name.rpartition(".")[0])
        if found is not None and not found.deleted:
            yield found
