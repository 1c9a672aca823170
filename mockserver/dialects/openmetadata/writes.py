"""How PUT and PATCH change what is there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.contract.reference import resolved
from mockserver.contract.validation import stays_good, violations_of
from mockserver.dialects.openmetadata import (
    build,
    certifying,
    columns,
    itemvalues,
    membership,
    owning,
    people,
    ranks,
    renaming,
    review,
    rules,
    secrets,
    tagging,
    testing,
    words,
)
from mockserver.dialects.openmetadata.changes import VALUES
from mockserver.dialects.openmetadata.history import Revision, revise
from mockserver.dialects.openmetadata.view import view
from mockserver.exchange import Problem, Violation
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.shown import Shown

Json = Any
WORDS = ("description", "displayName")
CUSTOMS = "mockserver.dialects.openmetadata.customs"
# The modules that settle fields, by the contract's word for what stands in them; read when one changes.
SETTLERS = {
    "definitions": CUSTOMS,
    "promise": "mockserver.dialects.openmetadata.pacts",
    "announcement": "mockserver.dialects.openmetadata.announcing",
    "errand": "mockserver.dialects.openmetadata.errands",
}


def update(context: Context, record: Record, data: Data, links: Mapping[str, Links]) -> Revision:
    """PUT: words that are not sent go away (never by a bot), tags are joined, items keep the words they had."""
    resource, stored = context.resource, record.data
    settable = create_properties(context)
    merged = {key: value for key, value in stored.items() if key not in settable or key in resource.kept}
    for key in resource.merged & stored.keys():
        merged[key] = stored[key]
    for key, value in data.items():
        if key in resource.merged:
            merged[key] = join_tags(stored.get(key, []), value)
        elif nested := resource.nested.get(key):
            merged[key] = join_items(stored.get(key, []), value, nested, f"{key}.tags" in resource.merged)
        else:
            merged[key] = value
    if context.principal.bot:
        merged.update({word: stored[word] for word in WORDS if stored.get(word)})
    merged.update({key: stored[key] for key in {"id", "name", "fullyQualifiedName"} | (resource.fixed & stored.keys())})
    merged = secrets.kept(resource.secrets, merged, stored)
    build.check_unique_items(resource, merged)
    merged = build.ruled(context.world, resource, merged)
    columns.check(resource, merged)
    tagging.check(context, merged, stored)
    merged = extended(context, merged, stored, links)
    written: dict[str, Links] = {name: {} for name in resource.relations if name in settable - resource.kept}
    written = people.grant(context, record.id, merged, {**written, **links}, merged.keys())
    for parent in resource.naming.parents:
        written.pop(parent, None)
    shown = view(context.world, context.contract, record, context.home)
    hold(context, record, merged, written)
    return revise(context, record, shown, build.arranged(merged), written, undeletes=record.deleted)


def hold(context: Context, record: Record | None, data: Data, links: Mapping[str, Links]) -> None:
    """Holds what is to be written to the rules of who may be tied to what; `record` is what is there."""
    id = None if record is None else record.id
    if links:
        owning.check(context, links)
        rules.check(context, links)
        membership.settle(context, id, links)
    ranks.check(context, record, data, links)
    testing.check(context, data, links, record)
    people.settle(context, id, data, links)


def create_properties(context: Context) -> frozenset[str]:
    """The fields that a create body may hold, and so takes away when it does not; not those with a default."""
    resource = context.resource
    schema = resolved(context.contract.parts, {"$ref": f"#/components/schemas/{resource.create}"})
    return frozenset(schema.get("properties", ())) - frozenset(resource.defaults)


def join_tags(old: list[Json], new: list[Json]) -> list[Json]:
    """Labels are only ever added; one that is sent again is taken as sent."""
    labels = {label["tagFQN"]: label for label in (*old, *new)}
    return list(labels.values())


def join_items(old: list[Json], new: list[Json], nested: Nested, tags: bool) -> list[Json]:
    """The new list, each item with the description and tags of its namesake where it brings none."""
    namesakes: dict[Hashable, Json] = {str(item.get("name")).lower(): item for item in old}
    joined = []
    for item in new:
        before = namesakes.get(str(item.get("name")).lower())
        if before is not None:
            kept = (*WORDS, VALUES) if nested.described else WORDS
            item = {**{word: before[word] for word in kept if word in before}, **item}
            if tags and before.get("tags"):
                item["tags"] = join_tags(before["tags"], item.get("tags", []))
            if nested.children and nested.children in item:
                item[nested.children] = join_items(before.get(nested.children, []), item[nested.children], nested, tags)
        joined.append(item)
    return joined


def edit(
    context: Context,
    record: Record,
    shown: Shown,
    touched: set[str],
    edited: dict[str, Json],
    *,
    folds: bool = True,
) -> Revision:
    """PATCH: what the client made of the answer becomes the record; the server's own fields stay as they are."""
    resource, contract = context.resource, context.contract
    if "" in touched:
        touched = {*resource.relations, *record.data, *edited}
    changed = touched - build.ignored(resource)
    _check_protected(resource, record, touched, edited)
    people.check_patch(context, record, shown, touched, edited)
    if certifying.FIELD in touched:
        certifying.date(context, edited, record.data.get(certifying.FIELD))
    if not stays_good(contract, resource.schema, edited, changed):
        _check_whole(context, shown, edited)
    body = {key: edited.get(key) for key in changed if key in edited or key in resource.relations}
    own, links = build.separate(context.world, contract, resource, body)
    data = {**{key: value for key, value in record.data.items() if key not in changed}, **own}
    data = secrets.kept(resource.secrets, data, record.data)
    if resource.alerts is not None:
        from mockserver.dialects.openmetadata import alerts

        data = alerts.edited(context, record.data, data, changed)
    if not changed.isdisjoint(resource.nested):
        build.check_unique_items(resource, data)
    data = columns.edited(resource, record.data, data, changed)
    if changed & resource.moves:
        data = renaming.plan(context, record, data, links)
    if resource.governs in changed:
        data = build.ruled(context.world, resource, data)
    tagging.check(context, data, record.data)
    links = people.grant(context, record.id, data, links, changed)
    data = extended(context, data, record.data, links)
    review.check(context, record, data)
    hold(context, record, data, links)
    return revise(context, record, shown, build.arranged(data), links, folds=folds, undeletes=record.deleted)


def extended(context: Context, data: Data, before: Mapping[str, Json], links: Mapping[str, Links]) -> Data:
    """The fields of a record as they are stored where more is asked of them than their schema says."""
    if VALUES in data and data[VALUES] is not before.get(VALUES):
        values: Data = import_module(CUSTOMS).valued(context, data)
        data = values
    if lists := itemvalues.to_check(context.resource, data, before):
        data = import_module(CUSTOMS).valued_items(context, data, lists)
    settled = context.resource.settled
    if not settled:
        return data
    for word in dict.fromkeys(settled[key] for key in settled if data.get(key) is not before.get(key)):
        data = import_module(SETTLERS[word]).settled(context, data, before, links)
    return data


def _check_whole(context: Context, shown: Shown, edited: Mapping[str, Json]) -> None:
    """Refuses an edited answer that is against the schema; the server's own fields are taken as they were."""
    ignored = build.ignored(context.resource)
    kept = {key: value for key, value in shown.members.items() if key in ignored}
    answer = {**kept, **{key: value for key, value in edited.items() if key not in ignored}}
    if found := violations_of(context.contract, context.resource.schema, answer):
        said = [replace(each, where=f"body (patched) {each.where}") for each in found]
        raise words.refusal(said, {}, plain=context.contract.errors.plain)


def _check_protected(resource: Resource, record: Record, touched: set[str], edited: Mapping[str, Json]) -> None:
    for field in ("deleted", *resource.protected):
        if field in touched and orjson.dumps(edited.get(field, False)) != orjson.dumps(record.data.get(field, False)):
            message = f"{resource.entity} attribute {field} can't be modified"
            raise Problem(400, message, violations=(Violation(f"body /{field}", message),))
