"""Assets of domains, data products, tags and terms, and the ports of data products: what may belong to what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.behaviours import labels
from mockserver.behaviours.bulk import Result
from mockserver.behaviours.context import Context
from mockserver.behaviours.related import related
from mockserver.contract.manners import Assets
from mockserver.dialects.openmetadata import history, tagging
from mockserver.dialects.openmetadata.changes import Changes
from mockserver.dialects.openmetadata.rules import UNRULED, broken
from mockserver.dialects.openmetadata.view import reference, view
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Record

Json = Any
PORTS = {"inputPorts": "outputPorts", "outputPorts": "inputPorts"}
WORDS = {"inputPorts": "input", "outputPorts": "output"}
DOMAIN_RULE = broken(
    "Data Product Domain Validation", "Validates that Data Products assigned to an entity match the entity's domains."
).message


def gather(context: Context, record: Record, wanted: list[Record], add: bool) -> tuple[bool, dict[str, Json]]:
    """Adds or removes each, or tries to; whether any passed (or none was given), and the result as it is answered."""
    own, assets = context.operation.settings.get("relation"), context.resource.assets
    rehearsed = bool(context.body.get("dryRun", own is None and assets is not None and assets.rehearsed))
    before = context.world.mark()
    result = Result(dry=rehearsed)
    for member in wanted:
        shown = reference(context.contract, member, context.home)
        result.attempt(context, shown, partial(_enroll, context, record, own, member, add, shown))
    if rehearsed:
        context.world.back_to(before)
    elif result.passed:
        _tell(context, record, own or "assets", [row["request"] for row in result.passed], add)
    answer = result.shown()
    if not wanted:
        answer["successRequest"] = [{"message": "Nothing to Validate."}]
    return bool(result.passed) or not result.failed, answer


def _enroll(
    context: Context, record: Record, own: str | None, member: Record, add: bool, shown: Json
) -> tuple[int, Json]:
    """Adds or removes one; its status, and what was asked for."""
    if own is not None:
        _port(context, record, own, member, add)
        return 200, shown
    assets = context.resource.assets
    assert assets is not None
    relations = context.contract.resources[member.resource].relations
    if assets.by not in relations:
        raise Problem(400, f"Entity type {context.contract.resources[member.resource].entity} cannot be an asset here")
    if context.contract.labels is not None and assets.by == context.contract.labels.relation:
        _label(context, record, member, add)
    elif add:
        _join(context, record, assets, member)
    else:
        _leave(context, record, assets, member)
    return 200, shown


def _port(context: Context, record: Record, own: str, member: Record, add: bool) -> None:
    world, name = context.world, member.data["fullyQualifiedName"]
    if not add:
        world.unlink(record.id, own, member.id)
        return
    if member.resource not in context.resource.relations[own].to:
        raise Problem(400, f"Asset '{name}' cannot be a port")
    if member.id in world.links(record.id, PORTS[own]):
        other = WORDS[PORTS[own]]
        raise Problem(400, f"Asset '{name}' is already part of {other} ports and cannot be added to {own}")
    if own == "outputPorts" and record.id not in world.links(member.id, "dataProducts"):
        message = f"Asset '{name}' must belong to the data product before it can be added as an output port"
        raise Problem(400, message)
    world.link(record.id, own, member.id)


def _label(context: Context, record: Record, member: Record, add: bool) -> None:
    known = context.contract.labels
    assert known is not None
    kind = next(kind for kind, resource in known.kinds.items() if resource == record.resource)
    key = (kind, record.data["fullyQualifiedName"])
    given = [label for label in member.data.get("tags", ()) if labels.key_of(known, label) != key]
    if add:
        given.append({known.name: key[1], known.kind: kind, "labelType": "Manual", "state": "Confirmed"})
        tagging.check_list(context, given)
    _write(context, member, given)


def _write(context: Context, member: Record, given: list[labels.Label]) -> None:
    written = member.with_data(tags=given)
    labels.tie(context.world, context.contract, written, member)
    context.world.replace(written)


def _join(context: Context, record: Record, assets: Assets, member: Record) -> None:
    """An asset has one domain at a time, and of its data products those of that domain."""
    world = context.world
    if record.resource == "domains":
        world.set_links(member.id, assets.by, {record.id: None})
        for product in list(world.links(member.id, "dataProducts")):
            if record.id not in world.links(product, "domains"):
                world.unlink(member.id, "dataProducts", product)
        return
    if not shares_domain(context, record, _domains(context, member)):
        kind = context.contract.resources[member.resource].entity
        place = f"asset '{member.name}' (type: {kind}) to data product '{record.name}'"
        raise Problem(400, f"Cannot assign {place}: {DOMAIN_RULE}")
    world.link(member.id, assets.by, record.id)


def _domains(context: Context, member: Record) -> list[str]:
    """The ids of an asset's domains, those that it inherits among them."""
    relation = context.contract.resources[member.resource].relations.get("domains")
    return [] if relation is None else [each.id for each in related(context.world, context.contract, member, relation)]


def shares_domain(context: Context, product: Record, domains: list[str]) -> bool:
    """Whether a data product is of one of these domains."""
    return not context.world.links(product.id, "domains").keys().isdisjoint(domains)


def settle(context: Context, id: str | None, links: Mapping[str, Links]) -> None:
    """Holds what is to be written to the rule of domains; assets and ports of a data product move with it."""
    world, resource = context.world, context.resource
    if resource.entity in UNRULED or not {"domains", "dataProducts"} & links.keys():
        return

    def after(relation: str) -> Links:
        return links[relation] if relation in links else world.links(id, relation) if id is not None else {}

    products = [product for each in after("dataProducts") if (product := world.record(each)) is not None]
    domains = list(after("domains"))
    if products and not domains and id is not None:
        domains = _domains(context, world.records[id])
        if not domains:
            raise Problem(400, "Domain cannot be empty when data products are provided.")
    if not all(shares_domain(context, product, domains) for product in products):
        raise Problem(400, DOMAIN_RULE)
    if resource.name == "dataProducts" and id is not None and "domains" in links:
        _move(context, id, list(world.links(id, "domains")), domains)


def _move(context: Context, id: str, old: list[str], new: list[str]) -> None:
    world = context.world
    if old == new:
        return
    for asset in sorted(
        {*world.sources(id, "dataProducts"), *(each for port in PORTS for each in world.links(id, port))}
    ):
        kept = {each: None for each in world.links(asset, "domains") if each not in old}
        world.set_links(asset, "domains", {**kept, **dict.fromkeys(new)})


def _leave(context: Context, record: Record, assets: Assets, member: Record) -> None:
    world = context.world
    world.unlink(member.id, assets.by, record.id)
    if record.resource == "domains":
        world.set_links(member.id, "dataProducts", {})
    else:
        world.unlink(record.id, "outputPorts", member.id)


def _tell(context: Context, record: Record, field: str, members: list[Json], add: bool) -> None:
    """Tells what came or went as a change of the record, which keeps its version."""
    changes = Changes()
    changes.single(field, None if add else members, members if add else None)
    version = float(record.data["version"])
    shown = view(context.world, context.contract, record, context.home)
    history.tell(context, "entityUpdated", record, shown, version, changes.describe(version))


def mention(context: Context, record: Record, *, whole: bool) -> Json:
    """A reference to a record, or the record itself with its type."""
    if not whole:
        return reference(context.contract, record, context.home)
    entity = context.contract.resources[record.resource].entity
    return {**view(context.world, context.contract, record, context.home, frozenset()).members, "type": entity}
