"""The verbs on what is kept beside a record: following, unfollowing, voting, being a member."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.related import related
from mockserver.contract.relation import Relation
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
    return _answer(context, record, _relation(context).name, _member(context, wanted), None, add)


def enrol(context: Context) -> Answer:
    """Makes those that the body refers to the members of the record, and no others."""
    record = find(context)
    return _enrol(context, record, [_member(context, str(each["id"])) for each in context.body])


def discharge(context: Context) -> Answer:
    """Takes the one that the path names out of the members; one that was none is answered alike."""
    record = find(context)
    member = _member(context, str(context.arguments[context.operation.settings.get("member", "userId")]))
    there = related(context.world, context.contract, record, _relation(context))
    return _enrol(context, record, [each for each in there if each.id != member.id])


def _enrol(context: Context, record: Record, members: list[Record]) -> Answer:
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    shown = context.dialect.enrol(context, record, _relation(context).name, members)
    return Answer(200, shown, context.dialect.headers("entityFieldsChanged"))


def _relation(context: Context) -> Relation:
    return context.resource.relations[context.operation.settings["relation"]]


def _member(context: Context, wanted: str) -> Record:
    """The living record of that id that the relation may lead to."""
    relation = _relation(context)
    names = relation.to or relation.of
    member = context.world.record(wanted.lower())
    if member is None or member.deleted or member.resource not in names:
        raise context.dialect.missing(context.contract.resources[names[0]], wanted)
    return member


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
