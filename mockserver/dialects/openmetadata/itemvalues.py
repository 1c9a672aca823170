"""Values of custom properties that stand in what is nested in records, such as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.related import living
from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata.changes import VALUES

Json = Any
Values = dict[str, Json]


def to_check(resource: Resource, data: Mapping[str, Json], before: Mapping[str, Json]) -> list[Nested]:
    """The lists that were changed and in which an item has values."""
    return [
        nested
        for name, nested in resource.nested.items()
        if data.get(name) is not before.get(name)
        and nested.described is not None
        and _bears(data.get(name) or [], nested.children)
    ]


def _bears(items: list[Json], children: str | None) -> bool:
    return any(VALUES in item or (children in item and _bears(item[children] or [], children)) for item in items)


def forget(context: Context, kind: str, name: str) -> None:
    """Takes a property from all items that a type describes, without a new version of the records they are in."""
    for resource in context.contract.resources.values():
        for field in (field for field, nested in resource.nested.items() if nested.described == kind):
            for deleted in (False, True):
                for record in list(living(context.world, resource.name, deleted=deleted)):
                    before = record.data.get(field) or []
                    after = changed(before, resource.nested[field].children, partial(_without, name))
                    if after != before:
                        context.world.replace(record.with_data(**{field: after}))


def _without(name: str, values: Values) -> Values:
    return {key: value for key, value in values.items() if key != name}


def changed(items: list[Json], children: str | None, change: Callable[[Values], Values]) -> list[Json]:
    """The items with other values, those inside of them too."""
    found = []
    for item in items:
        if item.get(VALUES) is not None:
            item = {**item, VALUES: change(item[VALUES])}
        if children and item.get(children):
            item = {**item, children: changed(item[children], children, change)}
        found.append(item)
    return found
