"""The verbs on a collection: list, create, upsert."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import islice
from typing import Any

import orjson

from mockserver.behaviours import filtering
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.preconditions import left
from mockserver.contract.relation import Relation
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record
from mockserver.world.sorted import Key, SortedKeys

Json = Any


def list_records(context: Context) -> Answer:
    """A page of the collection, in the order of names unless `sortBy` says otherwise."""
    fields = context.dialect.requested(context)
    check_direction(context)
    context.dialect.authorize_view(context)
    context.dialect.check_filters(context)
    shown, paging = page(context, matching(context), [int, str, str] if context.arguments.get("sortBy") else [str, str])
    records = (context.world.record(str(key[-1])) for key in shown)
    data = [context.dialect.view(context, record, fields) for record in records if record]
    return Answer(200, {"data": data, "paging": paging})


def check_direction(context: Context) -> None:
    """Refuses to go both ways at once."""
    if "before" in context.arguments and "after" in context.arguments:
        message = "Only one of before or after query parameter allowed"
        raise Problem(400, message, violations=(Violation("query before", message),))


def page(context: Context, keys: SortedKeys, parts: list[type]) -> tuple[list[Key], dict[str, Json]]:
    """The keys of the page that is asked for, and its paging; `parts` are the types of what keys are made of."""
    limit = int(context.arguments.get("limit", 10))
    paging: dict[str, Json] = {"total": len(keys)}
    if not limit:
        return [], paging
    shown, before, after = cut(keys, limit, _cursor(context, "before", parts), _cursor(context, "after", parts))
    if before:
        paging["before"] = encode(shown[0])
    if after:
        paging["after"] = encode(shown[-1])
    return shown, paging


def cut(keys: SortedKeys, limit: int, before: Key | None, after: Key | None) -> tuple[list[Key], bool, bool]:
    """The keys of one page, and whether there are more in front of it and behind it."""
    if before is not None:
        found = list(islice(keys.before(before), limit + 1))
        page = found[:limit][::-1]
        return page, len(found) > limit, bool(page) and next(keys.after(page[-1]), None) is not None
    found = list(islice(keys.after(after), limit + 1))
    page = found[:limit]
    return page, bool(page) and next(keys.before(page[0]), None) is not None, len(found) > limit


def encode(key: Key) -> str:
    """A key as a cursor, for clients to send back."""
    return urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def _cursor(context: Context, name: str, parts: list[type]) -> Key | None:
    """The key that an argument brings back, made of such parts; None where there is none."""
    text = context.arguments.get(name)
    if not text:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        key = None
    if isinstance(key, list) and [type(part) for part in key] == parts:
        return tuple(key)
    message = "not a cursor that this list gave; take it from `paging` of an answer"
    raise Problem.of([Violation(f"query {name}", message)])


def matching(context: Context) -> SortedKeys:
    """The keys of all records that the filters leave, in the order asked for."""
    keys = filtering.left(context, str(context.arguments.get("include", "non-deleted")))
    sort = context.arguments.get("sortBy")
    if not sort:
        return keys
    relation = context.resource.relations[str(sort)]
    records = (context.world.record(str(key[-1])) for key in keys)
    return SortedKeys.of(
        (-_score(context, record, relation), record.name, record.id) for record in records if record is not None
    )


def _score(context: Context, record: Record, relation: Relation) -> int:
    """How far a record's up-votes outweigh its down-votes."""
    votes = context.world.links(record.id, relation.name).values()
    return sum(1 if vote == "votedUp" else -1 for vote in votes)


def create(context: Context) -> Answer:
    """A new record; a name that is taken, also by a soft-deleted one, is a 409."""
    context.dialect.authorize(context, [context.operation.permission or "Create"])
    data, links = context.dialect.compose(context, context.body)
    if context.world.find(context.resource.name, data["fullyQualifiedName"]) is not None:
        raise Problem(409, "Entity already exists")
    shown = context.dialect.create(context, data, links)
    return Answer(201, shown, (("Location", shown.members["href"]), *left(context, 201, shown.text)))


def upsert(context: Context) -> Answer:
    """Creates the record of that name, or lays the body over the one that is there."""
    data, links = context.dialect.compose(context, context.body)
    record = context.world.find(context.resource.name, data["fullyQualifiedName"])
    if record is None:
        context.dialect.authorize(context, ["Create"])
        shown = context.dialect.create(context, data, links)
        told = (("Location", shown.members["href"]), *context.dialect.headers("entityCreated"))
        return Answer(201, shown, (*told, *left(context, 201, shown.text)))
    context.dialect.authorize(context, ["EditAll"], record)
    revision = context.dialect.update(context, record, data, links)
    change = "entityUpdated" if revision.changed else "entityNoChange"
    return Answer(200, revision.shown, (*context.dialect.headers(change), *left(context, 200, revision.shown.text)))
