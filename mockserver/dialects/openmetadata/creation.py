"""How a record comes about: what a create body means, and what is held to before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import (
    alerts,
    announcing,
    build,
    columns,
    errands,
    history,
    names,
    numbering,
    people,
    placing,
    review,
    suites,
    tagging,
    writes,
)
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.shown import Shown

Json = Any


def compose(context: Context, body: Mapping[str, Json]) -> tuple[Data, dict[str, Links]]:
    """Own fields (with the unique name) and links of a create body."""
    body = context.resource.naming.kept(placing.meant(context.resource, body))
    if context.resource.errand is not None:
        body = errands.meant(context, body)
    data, links = build.separate(context.world, context.contract, context.resource, body)
    named = placing.place(context, data, links)
    suites.flag(context, data, links)
    if (digested := context.resource.naming.digest_of) is not None:
        data.setdefault("name", names.digest(str(data[digested])))
    if context.resource.naming.made is not None and "name" not in data:
        data["name"] = context.resource.naming.made + context.world.new_id()
    if (numbered := context.resource.naming.numbered) is not None:
        number = numbering.free(context.world, context.resource, numbered.name)
        data[numbered.field] = numbered.name(number)
        data.setdefault("name", data[numbered.field])
    data = build.modelled(context.world, context.contract, context.resource, data)
    if context.resource.alerts is not None:
        data = alerts.settle(context, body, data)
    for relation in context.resource.stored_relations:
        if relation.along and not links.get(relation.name):
            links[relation.name] = {
                id: None
                for parent in links.get(relation.along, ())
                for id in context.world.links(parent, relation.name)
            }
    name = str(data["name"] if numbered is None else data[numbered.field])
    below = names.unique(context.resource.naming, named, name)
    data["fullyQualifiedName"] = _unique_name(context, name, links) if named is None else below
    suites.house(context, data, links)
    if context.resource.window is not None:
        announcing.take_over(context, data, links)
    if context.resource.errand is not None:
        errands.take_over(context, links)
    return data, links


def _unique_name(context: Context, name: str, links: Mapping[str, Links]) -> str:
    naming = context.resource.naming
    parent = naming.parent(links)
    found = None if parent is None else context.world.record(next(iter(links[parent])))
    return names.unique(naming, None if found is None else found.data["fullyQualifiedName"], name)


def create(context: Context, data: Data, links: Mapping[str, Links]) -> Shown:
    """Stores a new record and gives what is answered."""
    id = context.world.new_id()
    marks = {
        "version": history.FIRST_VERSION,
        "updatedAt": context.world.now(),
        "updatedBy": context.principal.name,
    }
    data = review.begin(context, data, links)
    data = build.withheld(context.resource, id, data, context.body)
    full = build.ruled(context.world, context.resource, {"id": id, **context.resource.defaults, **data, **marks})
    links = people.grant(context, None, full, links, full.keys())
    build.check_unique_items(context.resource, full)
    columns.check(context.resource, full)
    tagging.check(context, full, {})
    writes.hold(context, None, full, links)
    full = writes.extended(context, full, {}, links)
    return history.create(context, Record(context.resource.name, id, build.arranged(full)), links)
