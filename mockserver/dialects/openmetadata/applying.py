"""What a task asks for, written into what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.behaviours.snapshots import told
from mockserver.contract.manners import Review
from mockserver.dialects.openmetadata.history import changed_fields
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def about(context: Context, entity: Record) -> Context:
    """The same call as if it was about an entity."""
    return context.about(context.contract.resources[entity.resource])


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


def decide(context: Context, entity: Record, *, approves: bool) -> None:
    """Writes down how a reviewer decided on an entity, if that can be decided on; a 403 Problem for anybody else."""
    review = context.contract.resources[entity.resource].review
    if review is None:
        return
    earlier = None if approves or review.opens is None else _approved_before(context, entity, review)
    if earlier is not None:
        _bring_back(context, entity, earlier)
        return
    write(context, entity, (review.field,), lambda _: review.decisions[0 if approves else 1])


def _approved_before(context: Context, entity: Record, review: Review) -> dict[str, Json] | None:
    """The last version of what is pending that was approved."""
    if entity.data.get(review.field) != review.pending:
        return None
    later: Mapping[str, Json] = entity.data
    for snapshot in context.world.history(entity.id):
        version: dict[str, Json] = orjson.loads(told(snapshot, context.home))
        if version.get(review.field) == review.decisions[0] and not _is_in_question(review.field, version, later):
            return version
        later = version
    return None


def _is_in_question(field: str, version: Mapping[str, Json], later: Mapping[str, Json]) -> bool:
    """Whether a version is the change that has to be approved, and the next one by the same user says just that."""
    own, next_ = changed_fields(version), changed_fields(later)
    return next_ == {field} and bool(own) and field not in own and version.get("updatedBy") == later.get("updatedBy")


def _bring_back(context: Context, entity: Record, earlier: Mapping[str, Json]) -> None:
    """Makes a record what it was, as an edit by the caller."""
    there = about(context, entity)
    shown = context.dialect.view(there, entity)
    now, left = shown.members, context.dialect.ignored(there.resource)
    edited = {key: value for key, value in now.items() if key in left}
    edited.update({key: value for key, value in earlier.items() if key not in left})
    touched = {key for key in {*now, *earlier} - left if now.get(key) != earlier.get(key)}
    context.dialect.edit(there, entity, shown, touched, edited, folds=False)
