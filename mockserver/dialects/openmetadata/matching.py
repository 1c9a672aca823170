"""Whether a change is one that an alert asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from mockserver.behaviours.related import related
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata import build
from mockserver.dialects.openmetadata.conditions import Words
from mockserver.dialects.openmetadata.mentions import mentioned
from mockserver.world.events import Event
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
THREAD = "THREAD"
# Functions that say nothing of other kinds of entity, which pass.
ONLY_OF = {
    "matchTestResult": ("testCase", "testSuite"),
    "filterByTableNameTestCaseBelongsTo": ("testCase",),
    "getTestCaseStatusIfInTestSuite": ("testCase",),
    "matchIngestionPipelineState": ("ingestionPipeline",),
    "matchPipelineState": ("pipeline",),
}
# Names that fields had in earlier releases.
RENAMED = {"owner": "owners", "domain": "domains"}


class Told:
    """One event with what may be asked about it; `record` is None where it is about no record."""

    def __init__(self, world: Transaction, contract: Contract, event: Event, record: Record | None) -> None:
        self._world = world
        self._contract = contract
        self.event = event
        self.record = record

    def __call__(self, function: str, arguments: tuple[Words, ...]) -> bool:
        """Whether a function of a condition holds."""
        kinds = ONLY_OF.get(function)
        if kinds is not None and self.event.entity_type not in kinds:
            return True
        return ANSWERS[function](self, *arguments)

    def related(self, relation: str) -> list[Record]:
        """The living records that this one is related to now."""
        if self.record is None:
            return []
        known = self._contract.resources[self.record.resource].relations.get(relation)
        found = [] if known is None else related(self._world, self._contract, self.record, known)
        return [each for each in found if not each.deleted]

    @property
    def is_thread(self) -> bool:
        return self.event.entity_type == THREAD

    @property
    def entity(self) -> dict[str, Json]:
        """What the event is about, as it was told."""
        entity: dict[str, Json] = orjson.loads(self.event.text)
        return entity

    @property
    def name(self) -> str:
        return str(self.event.body.get("entityFullyQualifiedName", ""))

    def by_bot(self) -> bool:
        user = build.user_named(self._world, self.event.user)
        return user is not None and bool(user.data.get("isBot"))

    def changes(self) -> Iterator[Mapping[str, Json]]:
        described = self.event.body.get("changeDescription", {})
        for kind in ("fieldsAdded", "fieldsUpdated", "fieldsDeleted"):
            yield from described.get(kind, ())

    def fields(self) -> set[str]:
        """The fields that changed: whole names, their beginnings and their ends."""
        names = [str(each["name"]) for each in self.changes()]
        return {part for name in names for part in (name, name.split(".")[0], name.rpartition(".")[2])}

    def new_value(self, field: str, member: str) -> str:
        """A member of what a field was changed to, in lower case."""
        for change in self.changes():
            value = change.get("newValue")
            value = orjson.loads(value) if isinstance(value, str) and value[:1] == "{" else value
            if change["name"] == field and isinstance(value, Mapping):
                return str(value.get(member, "")).lower()
        return ""


def _source(told: Told, wanted: Words) -> bool:
    return told.is_thread or told.event.entity_type in wanted


def _owner(told: Told, wanted: Words) -> bool:
    return told.is_thread or any(owner.name in wanted for owner in told.related("owners"))


def _fqn(told: Told, wanted: Words) -> bool:
    return told.is_thread or any(occurs(name, told.name) for name in wanted)


def _id(told: Told, wanted: Words) -> bool:
    return told.is_thread or told.event.entity_id in {id.lower() for id in wanted}


def _kind(told: Told, wanted: Words) -> bool:
    return told.event.kind in wanted


def _domain(told: Told, wanted: Words) -> bool:
    found = told.related("domains")
    return told.is_thread or any({each.name, each.data["fullyQualifiedName"]} & set(wanted) for each in found)


def _field(told: Told, wanted: Words) -> bool:
    return bool(told.fields() & {RENAMED.get(name, name) for name in wanted})


def _result(told: Told, wanted: Words) -> bool:
    field = "testCaseResult" if told.event.entity_type == "testCase" else "testCaseResultSummary"
    return told.new_value(field, "testCaseStatus") in {each.lower() for each in wanted}


def _suite(told: Told, results: Words, suites: Words) -> bool:
    found = {*told.related("testSuites"), *told.related("testSuite")} if told.record is not None else set()
    return any(each.data["fullyQualifiedName"] in suites for each in found) and _result(told, results)


def _state(member: str) -> Callable[..., bool]:
    def matches(told: Told, wanted: Words) -> bool:
        return told.new_value("pipelineStatus", member) in {each.lower() for each in wanted}

    return matches


def _mention(told: Told, wanted: Words) -> bool:
    return told.is_thread and any(kind == "user" and name in wanted for kind, name in mentioned(told.entity))


ANSWERS: Mapping[str, Callable[..., bool]] = {
    "matchAnySource": _source,
    "matchAnyOwnerName": _owner,
    "matchAnyEntityFqn": _fqn,
    "matchAnyEntityId": _id,
    "matchAnyEventType": _kind,
    "matchTestResult": _result,
    "filterByTableNameTestCaseBelongsTo": _fqn,
    "getTestCaseStatusIfInTestSuite": _suite,
    "matchUpdatedBy": lambda told, wanted: told.event.user in wanted,
    "matchIngestionPipelineState": _state("pipelineState"),
    "matchPipelineState": _state("executionStatus"),
    "matchAnyFieldChange": _field,
    "matchAnyDomain": _domain,
    "matchConversationUser": _mention,
    "isBot": lambda told: told.by_bot(),
}


def occurs(pattern: str, name: str) -> bool:
    """Whether a name is somewhere in another one; `.*` in it stands for anything."""
    at = 0
    for part in pattern.split(".*"):
        found = name.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
