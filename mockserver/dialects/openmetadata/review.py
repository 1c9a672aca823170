"""Who may approve: reviewers alone decide on a record that has some, and on the tasks that ask them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any


def begin(context: Context, data: Data, links: Mapping[str, Links]) -> Data:
    """A new record's own fields, with the status that one with reviewers begins with."""
    review = context.resource.review
    if review is None or review.first is None or review.field in data:
        return data
    parents = [
        record for relation in context.resource.naming.parents for record in _records(context, links.get(relation))
    ]
    if links.get(review.by) or any(reviewers_of(context, parent) for parent in parents):
        return {**data, review.field: review.first}
    return data


def check(context: Context, record: Record, data: Mapping[str, Json]) -> None:
    """Refuses a decision of somebody who is no reviewer."""
    review = context.resource.review
    if review is None or data.get(review.field) == record.data.get(review.field):
        return
    if data.get(review.field) in review.decisions:
        check_reviewer(context, record)


def check_removal(context: Context, record: Record) -> None:
    """Refuses to have somebody who is no reviewer remove what is looked at."""
    review = context.resource.review
    if review is not None and review.pending is not None and record.data.get(review.field) == review.pending:
        check_reviewer(context, record)


def check_reviewer(context: Context, record: Record) -> None:
    """Refuses somebody who is not among the reviewers, if a record has some."""
    reviewers = reviewers_of(context, record)
    if reviewers and not is_among(context, reviewers):
        raise Problem(403, f"User '{context.principal.name}' is not a reviewer")


def reviewers_of(context: Context, record: Record) -> Links:
    """Who reviews a record: its own reviewers, else those of what contains it."""
    review, resource = context.resource.review, context.contract.resources[record.resource]
    assert review is not None
    if own := context.world.links(record.id, review.by):
        return own
    for relation in resource.naming.parents:
        for parent in _records(context, context.world.links(record.id, relation)):
            if found := reviewers_of(context, parent):
                return found
    return {}


def _records(context: Context, links: Links | None) -> list[Record]:
    return [record for id in links or () if (record := context.world.record(id)) is not None]


def is_among(context: Context, reviewers: Links) -> bool:
    """Whether the caller is one of them, or in one of their teams."""
    caller = context.principal.id
    return caller is not None and (
        caller in reviewers or not context.world.links(caller, "teams").keys().isdisjoint(reviewers)
    )
