"""Where a record belongs that says by a link what it is about: below the record, or the item of it, that is linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import EntityLink, parsed
from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata.build import not_found
from mockserver.dialects.openmetadata.names import quote
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any


def meant(resource: Resource, body: Mapping[str, Json]) -> Mapping[str, Json]:
    """A create body with fields that mean another one under the name of that, unless it is there itself."""
    aliases = resource.quality.aliases
    if aliases.keys().isdisjoint(body):
        return body
    own = {key: value for key, value in body.items() if key not in aliases and value is not None}
    return {**{aliases[key]: value for key, value in body.items() if key in aliases and value is not None}, **own}


def planted(resource: Resource, data: Data, parent: str | None) -> str | None:
    """Below which unique name a record stands that is there from the start; what its link names is written down."""
    about = resource.quality.about
    if about is None or parent is None:
        return parent
    link = parsed(str(data.get(about.by)))
    data[about.named] = within(parent, None if link is None else link.item)
    return str(data[about.named])


def place(context: Context, data: Data, links: dict[str, Links]) -> str | None:
    """Ties a new record to what its link names, and writes down and gives the unique name of that."""
    about = context.resource.quality.about
    if about is None:
        return None
    link = parsed(str(data[about.by]))
    if link is None:
        raise Problem(400, f"{about.by} {data[about.by]} is no link; write <#E::table::NAME> or add ::columns::COLUMN")
    found = _linked(context, link)
    links[about.relation] = {found.id: None}
    data[about.named] = within(found.data["fullyQualifiedName"], _item(context, found, link))
    return str(data[about.named])


def within(name: str, item: str | None) -> str:
    """The unique name of an item of a record; of the record itself where there is none."""
    return name if item is None else f"{name}.{item}"


def _linked(context: Context, link: EntityLink) -> Record:
    about = context.resource.quality.about
    assert about is not None
    allowed = context.resource.relations[about.relation].to
    target = context.contract.by_entity.get(link.kind)
    if target is None or target.name not in allowed:
        kinds = " or ".join(context.contract.resources[name].entity for name in allowed)
        raise Problem(400, f"{about.by} is to a {link.kind}; it has to be to a {kinds}")
    found = context.world.find(target.name, link.name)
    if found is None or found.deleted:
        raise not_found(target.entity, link.name)
    return found


def _item(context: Context, found: Record, link: EntityLink) -> str | None:
    """How the item that a link names goes on from the record's name."""
    if link.field is None:
        return None
    nested = context.contract.resources[found.resource].nested.get(link.field)
    if nested is None or link.item is None:
        message = f"Invalid field name '{link.field}' for column test case. It should be 'columns'"
        raise Problem(400, f"{message}, such as <#E::{link.kind}::{link.name}::columns::COLUMN>")
    if has_item(found.data.get(link.field, ()), nested, link.item):
        plain = any(each["name"] == link.item for each in found.data.get(link.field, ()))
        return quote(link.item) if plain else link.item
    raise Problem(400, f"Invalid column name {link.item}")


def has_item(items: Iterable[Mapping[str, Json]], nested: Nested, wanted: str) -> bool:
    """Whether a nested list holds an item: one of its own by name, one further down by the names that lead there."""
    for item in items:
        name = item["name"]
        if wanted in (name, quote(name)):
            return True
        for start in {f"{name}.", f"{quote(name)}."} if nested.children else ():
            rest = wanted.removeprefix(start)
            if rest != wanted and has_item(item.get(str(nested.children), ()), nested, rest):
                return True
    return False
