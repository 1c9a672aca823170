"""Tasks that ask reviewers to approve of a record, once these decided or are others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import threads
from mockserver.dialects.openmetadata.matching import THREAD
from mockserver.world.record import Record

Json = Any
KIND, YES = "RequestApproval", "approved"
CAPITAL = re.compile(r"(?=[A-Z])")


def follow(context: Context, before: Record, after: Record) -> None:
    """Closes the open tasks about a record that was decided on."""
    review, resource = context.resource.review, context.resource
    status = None if review is None else after.data.get(review.field)
    if review is None or status == before.data.get(review.field) or status not in review.decisions:
        return
    there = replace(context, operation=replace(context.operation, resource=context.contract.by_entity[THREAD]))
    for id in sorted(context.world.sources(after.id, threads.ABOUT)):
        thread = context.world.record(id)
        if thread is not None and _waits(thread):
            words = CAPITAL.sub(" ", resource.entity).lower()
            threads.close(there, thread, "taskClosed", f"{status} the {words}")


def _waits(thread: Record) -> bool:
    task = thread.data.get("task") or {}
    return task.get("type") == KIND and task.get("status") == "Open"
