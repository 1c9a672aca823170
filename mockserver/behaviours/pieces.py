"""The verb on what is nested in a record: a page of its items, in order, as far as they match what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find

Json = Any


def pieces(context: Context) -> Answer:
    """A page of the items of one nested list of a record; those that are inside of others too, where one searches."""
    arguments, field = context.arguments, str(context.operation.settings["field"])
    record = find(context, str(arguments.get("include", "non-deleted")))
    context.dialect.authorize_view(context, record)
    asked = context.dialect.requested(context) | {field}
    items: Iterable[Json] = context.dialect.view(context, record, asked).members.get(field, ())
    typed = str(arguments.get("q", "")).casefold()
    if typed:
        children = context.resource.nested[field].children
        items = (item for item in _flat(items, children) if typed in _words(item))
    order = str(arguments.get("sortBy", "name"))
    found = sorted(items, key=lambda item: _key(item, order), reverse=arguments.get("sortOrder") == "desc")
    offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", 50))
    paging: dict[str, Json] = {"total": len(found)}
    if offset > 0 and offset <= len(found):
        paging["before"] = str(max(offset - limit, 0))
    if offset + limit < len(found):
        paging["after"] = str(offset + limit)
    return Answer(200, {"data": found[offset : offset + limit], "paging": paging})


def _flat(items: Iterable[Json], children: str | None) -> Iterator[Json]:
    for item in items:
        yield item
        if children and item.get(children):
            yield from _flat(item[children], children)


def _words(item: Json) -> str:
    return f"{item['name']}\n{item.get('displayName', '')}".casefold()


def _key(item: Json, order: str) -> tuple[int, str]:
    return (int(item.get(order) or 0) if order != "name" else 0, str(item["name"]))
