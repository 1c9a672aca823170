"""What holds of users, bots and personas: what only some see or change, what only one may have, what belongs to one."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import living
from mockserver.contract.model import Resource
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Record
from mockserver.world.shown import Shown

Json = Any


def seen(context: Context, resource: Resource, record: Record, shown: Shown) -> Shown:
    """A record as the caller may see it: what is masked is shown to administrators, bots and the record itself."""
    caller = context.principal
    if caller.admin or caller.bot or caller.id == record.id:
        return shown
    return shown.but(**{field: mask for field, mask in resource.masked.items() if field in shown.members})


def check_patch(context: Context, record: Record, shown: Shown, touched: AbstractSet[str], edited: Json) -> None:
    """Refuses what somebody else may not change, and a team that one is in already or may not join alone."""
    for field, sentence in context.resource.private.items():
        if field in touched and context.principal.id != record.id:
            raise Problem(403, sentence)
    if "teams" in touched and context.resource.entity == "user":
        _check_joining(context, record, shown, edited.get("teams"))


def _check_joining(context: Context, record: Record, shown: Shown, teams: Json) -> None:
    before = {each["id"] for each in shown.members.get("teams", ())}
    taken: set[str] = set()
    for given in teams if isinstance(teams, list) else ():
        id = str(given.get("id")).lower() if isinstance(given, dict) else ""
        team = context.world.record(id)
        if team is None:
            continue
        if id in taken:
            name = team.data.get("displayName") or team.name
            raise Problem(400, f"User '{record.name}' is already part of the team '{name}'")
        if id not in before and not team.data.get("isJoinable", True):
            context.dialect.authorize(context, ["Admin"])
        taken.add(id)


def grant(
    context: Context, id: str | None, data: Mapping[str, Json], links: Mapping[str, Links], changed: AbstractSet[str]
) -> dict[str, Links]:
    """The links to be written, with what is granted to all of the kind, as far as these fields are changed."""
    given = dict(links)
    for relation, granted in context.resource.granted.items():
        if not data.get(granted.where) or changed.isdisjoint((relation, granted.where)):
            continue
        found = context.world.find(context.resource.relations[relation].to[0], granted.name)
        there = given.get(relation, {} if id is None else context.world.links(id, relation))
        if found is not None and not found.deleted and found.id not in there:
            given[relation] = {**there, found.id: None}
    return given


def settle(context: Context, id: str | None, data: Mapping[str, Json], links: Mapping[str, Links]) -> None:
    """Holds what is to be written to what one record alone may have or hold."""
    for name in context.resource.held:
        for target in links.get(name, ()):
            _check_holding(context, id, name, target)
    for field in context.resource.sole:
        if data.get(field):
            _take_from_others(context, id, field)


def _take_from_others(context: Context, id: str | None, field: str) -> None:
    """Unsets a field that one record alone has, without a version of the one that had it."""
    for other in list(living(context.world, context.resource.name)):
        if other.id != id and other.data.get(field):
            context.world.replace(other.with_data(**{field: False}))


def _check_holding(context: Context, id: str | None, name: str, target: str) -> None:
    relation, record = context.resource.relations[name], context.world.records[target]
    entity = context.resource.entity
    if not record.data.get(str(relation.holds)):
        kind = context.contract.resources[record.resource].entity
        raise Problem(400, f"{kind.capitalize()} [{record.name}] is not a {entity} {kind}")
    for holder in context.world.sources(target, name):
        if holder != id:
            raise _held(context, record, context.world.records[holder])


def check_free(context: Context, record: Record) -> None:
    """Refuses to remove for good what another record is nothing without."""
    for resource in context.contract.resources.values():
        for name in resource.held:
            for holder in context.world.sources(record.id, name):
                raise _held(context, record, context.world.records[holder])


def _held(context: Context, record: Record, holder: Record) -> Problem:
    resources = context.contract.resources
    kind, entity = resources[record.resource].entity, resources[holder.resource].entity
    return Problem(400, f"{entity.capitalize()} {kind} [{record.name}] is already used by [{holder.name}] {entity}")
