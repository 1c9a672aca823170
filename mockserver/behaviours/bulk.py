"""The verbs on many records at once, each of which is taken or refused by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from mockserver.behaviours.collections import upsert
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living
from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any


def bulk(context: Context) -> Answer:
    """Creates or updates a record for each body; a refused one leaves nothing behind and does not stop the others."""
    if context.arguments.get("overrideMetadata"):
        context = replace(context, principal=context.principal._replace(bot=False))
    result = Result(dry=False)
    for body in context.body:
        result.attempt(context, body.get("name"), _upserting(context, body))
    return Answer(202 if context.arguments.get("async") else 200, result.shown())


def delete_stale(context: Context) -> Answer:
    """Deletes what stands below a record and was not seen by who read all there is; a dry run only says what."""
    asked = context.body
    dry = bool(asked.get("dryRun"))
    result = Result(dry=dry)
    for record in list(_unseen(context, asked)):
        name = str(record.data["fullyQualifiedName"])
        result.attempt(context, name, partial(_delete, context, record, asked, dry=dry))
    return Answer(200, result.shown())


class Result:
    """What became of each of many, in the order in which they were tried."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.passed: list[dict[str, Json]] = []
        self.failed: list[dict[str, Json]] = []

    def attempt(self, context: Context, name: Json, work: Callable[[], tuple[int, Json]]) -> None:
        """Does one piece of work; what a refused one wrote is undone."""
        mark = context.world.mark()
        try:
            status, request = work()
        except Problem as problem:
            context.world.back_to(mark)
            self.failed.append({"request": name, "status": problem.status, "message": problem.message})
        else:
            self.passed.append({"request": request, "status": status})

    def shown(self) -> dict[str, Json]:
        passed, failed = len(self.passed), len(self.failed)
        status = "success" if not failed else "partialSuccess" if passed else "failure"
        return {
            "dryRun": self.dry,
            "status": status,
            "numberOfRowsProcessed": passed + failed,
            "numberOfRowsPassed": passed,
            "numberOfRowsFailed": failed,
            "successRequest": self.passed,
            "failedRequest": self.failed,
        }


def _upserting(context: Context, body: Mapping[str, Json]) -> Callable[[], tuple[int, str]]:
    def work() -> tuple[int, str]:
        violations = violations_of(context.contract, str(context.resource.create), body)
        if violations:
            said = [replace(each, where=f"body {each.where}") for each in violations]
            raise context.dialect.refusal(context.contract, said, context.arguments)
        answer = upsert(replace(context, body=body))
        return answer.status, str(answer.body.members["fullyQualifiedName"])

    return work


def _unseen(context: Context, asked: Mapping[str, Json]) -> Iterable[Record]:
    """The living records of the resource below the scope that were not seen; none when nothing was."""
    scope = context.contract.by_entity.get(asked["scopeEntityType"])
    found = None if scope is None else context.world.find(scope.name, asked["scopeFqn"])
    if scope is None or found is None:
        wanted = scope or context.resource
        raise context.dialect.missing(wanted, asked["scopeFqn"])
    seen = set(asked["seenFqns"])
    below = f"{found.data['fullyQualifiedName']}."
    for record in living(context.world, context.resource.name) if seen else ():
        name = str(record.data["fullyQualifiedName"])
        if name.startswith(below) and name not in seen:
            yield record


def _delete(context: Context, record: Record, asked: Mapping[str, Json], *, dry: bool) -> tuple[int, str]:
    context.dialect.authorize(context, [context.operation.permission or "Delete"], record)
    # What contained it may have been deleted before.
    if not dry and context.world.record(record.id) is record:
        hard = bool(asked.get("hardDelete"))
        context.dialect.delete(context, record, hard=hard, recursive=bool(asked.get("recursive", True)))
    return 200, str(record.data["fullyQualifiedName"])
