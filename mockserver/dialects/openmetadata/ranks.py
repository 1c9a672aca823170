"""Which kinds of record may stand below which, and which of them have members: teams, from the Organization down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import falls_back_on, related
from mockserver.contract.manners import Ranks
from mockserver.dialects.openmetadata import history
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.links import set_relation
from mockserver.dialects.openmetadata.view import reference, view
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Record

Json = Any


def check(context: Context, record: Record | None, data: Mapping[str, Json], links: Mapping[str, Links]) -> None:
    """Refuses what would stand where its kind may not; `record` is what is there, if anything is."""
    ranks = context.resource.ranks
    if ranks is None:
        return
    before = None if record is None else record.data.get(ranks.by)
    moved = before != data.get(ranks.by)
    parents = _after(context, record, ranks.above, links, moved)
    children = _after(context, record, ranks.below, links, moved)
    _check_parents(context, ranks, data, parents)
    if record is not None and moved:
        _check_change(context, ranks, record, str(data[ranks.by]))
    _check_children(ranks, data, children)
    _check_round(context, ranks, None if record is None else record.id, data["name"], links)


def _after(context: Context, record: Record | None, name: str, links: Mapping[str, Links], moved: bool) -> list[Record]:
    """What the record will be related to; nothing where that stays and was found good."""
    if name in links:
        return [found for id in links[name] if (found := context.world.record(id)) is not None]
    if record is None or not moved:
        return []
    return related(context.world, context.contract, record, context.resource.relations[name])


def _is_top(context: Context, ranks: Ranks, record: Record) -> bool:
    """Whether it is the one that all others without parents stand below."""
    return falls_back_on(context.resource.relations[ranks.above], record)


def _check_parents(context: Context, ranks: Ranks, data: Mapping[str, Json], parents: list[Record]) -> None:
    name, kind = data["name"], data[ranks.by]
    if parents and name == context.resource.relations[ranks.above].fallback:
        raise Problem(400, f"Team of type {kind} can't have a parent team")
    if kind in ranks.single and len(parents) > 1:
        raise Problem(400, f"Team of type {kind} can have only 1 parents")
    for parent in parents:
        if kind not in ranks.holds[parent.data[ranks.by]]:
            above = f"Team {parent.name} of type {parent.data[ranks.by]}"
            raise Problem(400, f"{above} can't be of parent of team {name} of type {kind}")


def _check_children(ranks: Ranks, data: Mapping[str, Json], children: list[Record]) -> None:
    name, kind = data["name"], data[ranks.by]
    if children and not ranks.holds[kind]:
        only = f"Only {ranks.members} are allowed as part of the team"
        raise Problem(400, f"Team of type {kind} can't have children of type team. {only}")
    for child in children:
        if child.data[ranks.by] not in ranks.holds[kind]:
            below = f"child team {child.name} of type {child.data[ranks.by]}"
            raise Problem(400, f"Team {name} of type {kind} can't have {below}")


def _check_change(context: Context, ranks: Ranks, record: Record, kind: str) -> None:
    """What has members instead of others below it stays what it is, and so does what stands above all."""
    before = record.data[ranks.by]
    if not ranks.holds[before] or _is_top(context, ranks, record):
        raise Problem(400, f"Team of type {before} cannot be updated")
    if not ranks.holds[kind] and related(
        context.world, context.contract, record, context.resource.relations[ranks.below]
    ):
        raise Problem(400, f"A team with children cannot be updated to type {kind}")


def _check_round(context: Context, ranks: Ranks, id: str | None, name: str, links: Mapping[str, Links]) -> None:
    """Refuses a place below the record itself, or below what is to be below it."""
    if ranks.above not in links and ranks.below not in links:
        return
    world, below = context.world, {*links.get(ranks.below, ()), id}
    stored = {} if id is None else world.links(id, ranks.above)
    waiting, seen = list(links.get(ranks.above, stored)), set[str]()
    while waiting:
        place = waiting.pop()
        if place in below:
            raise Problem(400, f"{context.resource.entity} {name} can't be moved below itself or what it contains")
        if place not in seen:
            seen.add(place)
            waiting.extend(world.links(place, ranks.above))
    if id in links.get(ranks.below, ()):
        raise Problem(400, f"{context.resource.entity} {name} can't be moved below itself or what it contains")


def enrol(context: Context, record: Record, name: str, members: list[Record]) -> dict[str, Json]:
    """Makes these the members and answers the change, which leaves the version as it is."""
    ranks, world, contract = context.resource.ranks, context.world, context.contract
    if ranks is not None and ranks.holds[record.data[ranks.by]]:
        leaf = next(kind for kind, below in ranks.holds.items() if not below)
        kind = record.data[ranks.by]
        raise Problem(400, f"Team is of type {kind}. Users can be updated only in team of type {leaf}.")
    before = {each.id: each for each in related(world, contract, record, context.resource.relations[name])}
    after = {each.id: each for each in members}
    changes = Changes()
    if came := [reference(contract, each, context.home) for id, each in after.items() if id not in before]:
        changes.single(name, None, came)
    if gone := [reference(contract, each, context.home) for id, each in before.items() if id not in after]:
        changes.single(name, gone, None)
    set_relation(context, record, name, dict.fromkeys(after))
    version = float(record.data["version"])
    shown = view(world, contract, record, context.home)
    event = history.event_of(context, "entityUpdated", record, shown, version, changes.describe(version))
    if changes:
        world.tell(event)
    return {**history.event_body(event), "entity": shown}
