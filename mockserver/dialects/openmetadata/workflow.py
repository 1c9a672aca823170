"""The workflow of approval: what is new or changed goes to its reviewers, if somebody else did it."""

from __future__ import annotations

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import approving, writes
from mockserver.dialects.openmetadata import review as reviewing
from mockserver.dialects.openmetadata.history import Revision
from mockserver.world.record import Record


def created(context: Context, id: str) -> None:
    """Goes on with a new record, unless its body said how far it is."""
    review, record = context.resource.review, context.world.record(id)
    assert review is not None
    if record is not None and not (isinstance(context.body, dict) and review.field in context.body):
        _run(context, record)


def changed(context: Context, revision: Revision) -> None:
    """Goes on with a record that was changed; other reviewers are given what waits for them."""
    review, record = context.resource.review, revision.record
    assert review is not None
    fields = set() if revision.changes is None else {str(field) for field in revision.changes.fields}
    if review.by in fields:
        approving.give(context, record, reviewing.reviewers_of(context, record))
    if fields - {review.field, review.by}:
        _run(context, record)


def _run(context: Context, record: Record) -> None:
    """What has reviewers is approved if one of them did it; else it is theirs to decide on, once it is described."""
    review = context.resource.review
    assert review is not None
    assert review.opens is not None
    assert review.pending is not None
    reviewers = reviewing.reviewers_of(context, record)
    if not reviewers:
        return
    if reviewing.is_among(context, reviewers):
        _set(context, record, review.decisions[0])
    elif not record.data.get("description"):
        _set(context, record, review.opens.unready)
    else:
        approving.ask(context, _set(context, record, review.pending), reviewers)


def _set(context: Context, record: Record, status: str) -> Record:
    review = context.resource.review
    assert review is not None
    shown = context.dialect.view(context, record)
    revision = writes.edit(context, record, shown, {review.field}, {**shown.members, review.field: status})
    approving.follow(context, record, revision.record)
    return revision.record
