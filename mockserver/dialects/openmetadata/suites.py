"""The suite that tests of one table belong to, made when the first one needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import build, history, names
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any
MAKER = "ingestion-bot"


def house(context: Context, data: Data, links: dict[str, Links]) -> None:
    """Puts a new test into the suite of what it is about, which is made if there is none yet."""
    tested, about = context.resource.quality.tested, context.resource.quality.about
    if tested is None or about is None:
        return
    if context.world.find(context.resource.name, data["fullyQualifiedName"]) is not None:
        return
    table = context.world.records[next(iter(links[about.relation]))]
    (target,) = context.resource.relations[tested.suite].to
    suites = context.contract.resources[target]
    relation = suites.naming.parents[0]
    found = next((id for id in context.world.sources(table.id, relation) if id in context.world.records), None)
    links[tested.suite] = {found or _make(context, target, relation, table): None}
    links[tested.suites] = links[tested.suite]


def _make(context: Context, target: str, relation: str, table: Record) -> str:
    resource, world = context.contract.resources[target], context.world
    name = names.unique(resource.naming, table.data["fullyQualifiedName"], "")
    data = {
        "id": world.new_id(),
        **resource.defaults,
        "name": name.replace('"', ""),
        "fullyQualifiedName": name,
        "version": history.FIRST_VERSION,
        "updatedAt": world.now(),
        "updatedBy": MAKER,
    }
    mark(resource.quality.flagged, data, {relation: {table.id: None}})
    history.create(context, Record(target, data["id"], build.arranged(data)), {relation: {table.id: None}})
    return str(data["id"])


def mark(flagged: Mapping[str, str], data: Data, links: Mapping[str, Links]) -> None:
    """Sets the fields that say whether a record has something of a relation."""
    for field, relation in flagged.items():
        data[field] = bool(links.get(relation))


def flag(context: Context, data: Data, links: Mapping[str, Links]) -> None:
    """Sets what says whether a record has something of a relation; refuses one without what the operation needs."""
    mark(context.resource.quality.flagged, data, links)
    needed = context.operation.settings.get("needs")
    if needed is not None and not links.get(needed):
        entity = context.resource.entity
        raise Problem(400, f"Cannot create a basic {entity} without the {needed} field informed.")
