"""The verbs on records in another notation than the contract's: told in it, and taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.behaviours.collections import create, upsert
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.promises import promise_of, subject
from mockserver.behaviours.texts import body_of, in_media_type
from mockserver.contract.reference import resolved
from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any


def notate(context: Context) -> Answer:
    """The record in the other notation."""
    record = find(context)
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    return in_media_type(context, context.dialect.notate(context, record))


def adopt(context: Context) -> Answer:
    """Makes a record of one in the other notation; by PUT, or changes the one that is about the same."""
    about, notation = subject(context), body_of(context, str(context.operation.settings["schema"]))
    body = context.dialect.adopt(context, notation, about)
    there = promise_of(context, about) if context.operation.method == "PUT" else None
    if there is not None:
        if context.arguments.get("mode") == "merge":
            body = _joined(context, there, body)
        body["name"] = there.name
    if found := violations_of(context.contract, str(context.resource.create), body):
        raise Problem.of([Violation(f"body (read) {each.where}", each.message) for each in found])
    meant = replace(context, body=body)
    return upsert(meant) if context.operation.method == "PUT" else create(meant)


def _joined(context: Context, there: Record, given: Mapping[str, Json]) -> dict[str, Json]:
    """A create body laid over what another one would have said of the record; objects member by member."""
    resource = context.resource
    schema = resolved(context.contract.parts, {"$ref": f"#/components/schemas/{resource.create}"})
    shown = context.dialect.view(context, there).members
    said = {key: shown[key] for key in schema["properties"] if key in shown and key not in resource.kept}
    said.update({key: said[key][member] for key, member in resource.wrapped.items() if key in said})
    objects = {key: {**said[key], **value} for key, value in given.items() if isinstance(said.get(key), dict)}
    return {**said, **given, **objects}


def outline(context: Context) -> Answer:
    """What stands in a record of the other notation, without making one."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    notation = body_of(context, str(context.operation.settings["schema"]))
    names = [str(each.get("name")) for each in notation.get("schema") or () if each.get("name")]
    return Answer(200, {"name": notation.get("name"), "schemaObjects": names, "hasMultipleObjects": len(names) > 1})


def trial(context: Context) -> Answer:
    """What would be wrong with the record that one in the other notation means."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    about, notation = subject(context), body_of(context, str(context.operation.settings["schema"]))
    return Answer(200, context.dialect.rehearse(context, context.dialect.adopt(context, notation, about)))
