"""Announcements: what is to be known for a while, of a record whose owners and domains they take over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.entitylinks import parsed
from mockserver.dialects.openmetadata.grants import linked
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any
ABOUT = "entityLink"
TAKEN = ("owners", "domains")


def take_over(context: Context, data: Mapping[str, Json], links: dict[str, Links]) -> None:
    """Gives an announcement without owners or domains those of what it is about, if that is there."""
    about = _about(context, data)
    if about is None:
        return
    for name in TAKEN:
        if not links.get(name):
            links[name] = {each.id: None for each in linked(context.world, context.contract, about, name)}


def settled(context: Context, data: Data, before: Mapping[str, Json], links: Mapping[str, Links]) -> Data:
    """The fields of an announcement with what is said of its time, and of who made it when."""
    window, now = context.resource.window, context.world.now()
    assert window is not None
    made = {} if before else {"createdBy": context.principal.name, "createdAt": now}
    return {**data, **made, window.field: window.word(data, now)}


def _about(context: Context, data: Mapping[str, Json]) -> Record | None:
    link = parsed(str(data.get(ABOUT)))
    resource = None if link is None else context.contract.by_entity.get(link.kind)
    found = None if link is None or resource is None else context.world.find(resource.name, link.name)
    return None if found is None or found.deleted else found
