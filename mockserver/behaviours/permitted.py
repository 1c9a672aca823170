"""The verbs that tell of access: what callers may do, and what rules of access may say."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context

Json = Any


def permissions(context: Context) -> Answer:
    """What the caller, or a user who is named, may do: with each type, with one, or with one record."""
    arguments, access = context.arguments, context.dialect.access()
    user, entity = arguments.get("user"), arguments.get("resource")
    if "ids" in arguments:
        return _listed(access.of_these(context, arguments["ids"]))
    if entity is None:
        return _listed(access.of_every_type(context, user))
    id, name = arguments.get("id"), arguments.get("fqn")
    if id is None and name is None:
        return Answer(200, access.of_type(context, user, str(entity)))
    return Answer(200, access.of_record(context, user, str(entity), id, name))


def condition(context: Context) -> Answer:
    """Tries a condition out, and answers nothing if a rule may have it."""
    context.dialect.authorize(context, [context.operation.permission or "EditAll"])
    context.dialect.access().check_condition(context, str(context.arguments["expression"]))
    return Answer(204, b"")


def functions(context: Context) -> Answer:
    """The functions that conditions may call."""
    return _listed(context.dialect.access().functions())


def governed(context: Context) -> Answer:
    """What rules may name, and the operations on each."""
    return _listed(context.dialect.access().resources(context.contract))


def _listed(data: list[Json]) -> Answer:
    return Answer(200, {"data": data, "paging": {"total": len(data)}})
