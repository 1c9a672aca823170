"""The verbs on what is kept beside a record: following, unfollowing, voting."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.exchange import Problem
from mockserver.world.record import Record


def relate(context: Context) -> Answer:
    """Adds the record whose id is the body; adding it twice leaves it there once."""
    return _change(context, str(context.body), add=True)


def unrelate(context: Context) -> Answer:
    """Removes the record named in the path; one that was not there is answered alike."""
    return _change(context, str(context.arguments[context.operation.settings.get("member", "userId")]), add=False)


def _change(context: Context, wanted: str, *, add: bool) -> Answer:
    record = find(context)
    relation = context.resource.relations[context.operation.settings["relation"]]
    member = context.world.record(wanted.lower())
    if member is None or member.deleted or member.resource not in relation.to:
        raise context.dialect.missing(context.contract.resources[relation.to[0]], wanted)
    return _answer(context, record, relation.name, member, None, add)


def vote(context: Context) -> Answer:
    """Sets the caller's vote; `unVoted`, or none, takes it back."""
    record = find(context)
    voter = context.world.record(context.principal.id) if context.principal.id else None
    if voter is None:
        raise Problem(403, f"{context.principal.name} is no user of this catalogue and cannot vote")
    choice = context.body.get("updatedVoteType") or "unVoted"
    return _answer(context, record, context.operation.settings["relation"], voter, choice, choice != "unVoted")


def _answer(context: Context, record: Record, relation: str, member: Record, value: str | None, add: bool) -> Answer:
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    shown = context.dialect.relate(context, record, relation, member, value, add)
    return Answer(200, shown, context.dialect.headers("entityFieldsChanged"))
