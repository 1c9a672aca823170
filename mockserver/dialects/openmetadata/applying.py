"""What a task asks for, written into what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import review as reviewing
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def about(context: Context, entity: Record) -> Context:
    """The same call as if it was about an entity."""
    return replace(context, operation=replace(context.operation, resource=context.contract.resources[entity.resource]))


def write(context: Context, entity: Record, path: tuple[str, ...], change: Callable[[Json], Json]) -> None:
    """Changes a field of an entity, or of an item in it, as an edit by the caller; a 404 Problem without the item."""
    there = about(context, entity)
    shown = context.dialect.view(there, entity)
    edited = orjson.loads(orjson.dumps(shown.members))
    target = edited if len(path) == 1 else _item(edited, path)
    target[path[-1]] = change(target.get(path[-1]))
    context.dialect.edit(there, entity, shown, {path[0]}, edited)


def _item(edited: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    """The item of a nested list that a path such as `columns::name::description` leads to."""
    items, name = edited.get(path[0]), path[1] if len(path) == 3 else ""
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("name") == name:
            return item
    raise Problem(404, f"{path[0]} instance for {name} not found")


def check_decider(context: Context, entity: Record) -> None:
    """Refuses somebody who may not decide on an entity; nobody else is asked where no review is declared."""
    there = about(context, entity)
    if there.resource.review is not None:
        reviewing.check_reviewer(there, entity)


def decide(context: Context, entity: Record, *, approves: bool) -> None:
    """Writes down how a reviewer decided on an entity, if that can be decided on."""
    review = context.contract.resources[entity.resource].review
    if review is not None:
        write(context, entity, (review.field,), lambda _: review.decisions[0 if approves else 1])
