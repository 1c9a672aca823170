"""What an alert can be made of: its sources, and the filters and triggers that each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockserver.contract.model import Contract, Resource

Json = Any
EVENT_TYPES = ("entityCreated", "entityUpdated", "entitySoftDeleted", "entityRestored", "entityDeleted")
THREADS = ("conversation", "task", "announcement")


class Filter(NamedTuple):
    """One filter or trigger: what people see of it, its condition, and the arguments that fill that in."""

    name: str
    title: str
    condition: str
    arguments: tuple[str, ...] = ()

    def describe(self) -> dict[str, Json]:
        told = {
            "name": self.name,
            "fullyQualifiedName": f"eventSubscription.{self.name}",
            "displayName": self.title,
            "effect": "include",
            "condition": self.condition,
            "inputType": "runtime" if self.arguments else "none",
            "prefixCondition": "AND",
        }
        return {**told, "arguments": list(self.arguments)} if self.arguments else told


def _one(name: str, title: str, function: str, argument: str) -> Filter:
    return Filter(name, title, f"{function}(${{{argument}}})", (argument,))


FQN = _one("filterByFqn", "Name", "matchAnyEntityFqn", "fqnList")
DOMAIN = _one("filterByDomain", "Domain", "matchAnyDomain", "domainList")
BY_BOT = Filter("filterByUpdaterIsBot", "Changed by a bot", "isBot()")
OWNER = _one("filterByOwner", "Owner", "matchAnyOwnerName", "ownerNameList")
OWNER_NAME = _one("filterByOwnerName", "Owner", "matchAnyOwnerName", "ownerNameList")
MENTIONED = _one("filterByMentionedName", "Who is mentioned", "matchConversationUser", "userList")
ENTITY_ID = _one("filterByEntityId", "Id", "matchAnyEntityId", "entityIdList")
SOURCE = _one("filterBySource", "Kind of entity", "matchAnySource", "sourceList")
FIELD_CHANGE = _one("filterByFieldChange", "Changed field", "matchAnyFieldChange", "fieldChangeList")
USUAL = (
    FQN,
    _one("filterByEventType", "Kind of change", "matchAnyEventType", "eventTypeList"),
    _one("filterByUpdaterName", "Who changed it", "matchUpdatedBy", "updateByUserList"),
    Filter("filterByGeneralMetadataEvents", "Words and tags", "matchAnyFieldChange({'description', 'tags'})"),
    BY_BOT,
)
OBSERVED = (FQN, DOMAIN, OWNER, BY_BOT)
TABLE_OF_CASE = _one(
    "filterByTableNameTestCaseBelongsTo", "Table of the test", "filterByTableNameTestCaseBelongsTo", "tableNameList"
)
RESULTS = "testResultList"
TRIGGERS: Mapping[str, tuple[Filter, ...]] = {
    "table": (
        Filter("GetTableSchemaChanges", "Schema changes", "matchAnyFieldChange({'columns', 'dataModel', 'joins'})"),
        Filter("GetTableMetricsUpdates", "Metrics", "matchAnyFieldChange({'customMetrics', 'profile'})"),
    ),
    "topic": (Filter("GetTopicSchemaChanges", "Schema changes", "matchAnyFieldChange({'messageSchema'})"),),
    "container": (
        Filter("GetContainerSchemaChanges", "Schema changes", "matchAnyFieldChange({'parent', 'children'})"),
    ),
    "pipeline": (_one("GetPipelineStatusUpdates", "Status", "matchPipelineState", "pipelineStateList"),),
    "ingestionPipeline": (
        _one(
            "GetIngestionPipelineStatusUpdates", "Status", "matchIngestionPipelineState", "ingestionPipelineStateList"
        ),
    ),
    "testCase": (
        _one("GetTestCaseStatusUpdates", "Results", "matchTestResult", RESULTS),
        Filter(
            "GetTestCaseStatusUpdatesUnderSuite",
            "Results in a suite",
            "getTestCaseStatusIfInTestSuite(${testStatusList}, ${testSuiteList})",
            ("testStatusList", "testSuiteList"),
        ),
    ),
    "testSuite": (_one("GetTestSuiteStatusUpdates", "Results", "matchTestResult", RESULTS),),
}
# How many lists of words each function of a condition takes.
FUNCTIONS: Mapping[str, int] = {
    "matchAnySource": 1,
    "matchAnyOwnerName": 1,
    "matchAnyEntityFqn": 1,
    "matchAnyEntityId": 1,
    "matchAnyEventType": 1,
    "matchTestResult": 1,
    "filterByTableNameTestCaseBelongsTo": 1,
    "getTestCaseStatusIfInTestSuite": 2,
    "matchUpdatedBy": 1,
    "matchIngestionPipelineState": 1,
    "matchPipelineState": 1,
    "matchAnyFieldChange": 1,
    "matchAnyDomain": 1,
    "matchConversationUser": 1,
    "isBot": 0,
}


class Source(NamedTuple):
    """What an alert may watch, with the filters it can be narrowed by and the triggers it has."""

    name: str
    filters: tuple[Filter, ...]
    triggers: tuple[Filter, ...] = ()

    def describe(self) -> dict[str, Json]:
        told = {"name": self.name, "supportedFilters": [each.describe() for each in self.filters]}
        if self.triggers:
            told["supportedActions"] = [each.describe() for each in self.triggers]
        if self.name not in THREADS:
            told["supportedEventTypes"] = list(EVENT_TYPES)
        return told


def sources(contract: Contract, alert_type: str) -> dict[str, Source]:
    """The sources of a type of alert, by name."""
    if alert_type == "Observability":
        watched = {name: (*OBSERVED, TABLE_OF_CASE) if name == "testCase" else OBSERVED for name in TRIGGERS}
        return {name: Source(name, filters, TRIGGERS[name]) for name, filters in watched.items()}
    whole = (ENTITY_ID, OWNER_NAME, *USUAL, DOMAIN, SOURCE, FIELD_CHANGE)
    found = {"all": Source("all", whole)}
    for resource in sorted(contract.resources.values(), key=lambda each: each.entity):
        found[resource.entity] = Source(resource.entity, tuple(_filters(resource)))
    found.update({name: Source(name, () if name == "announcement" else (MENTIONED,)) for name in THREADS})
    return found


def _filters(resource: Resource) -> list[Filter]:
    found = [*USUAL, ENTITY_ID, FIELD_CHANGE]
    if "owners" in resource.relations:
        found.insert(0, OWNER_NAME)
    return [*found, DOMAIN] if "domains" in resource.relations else found
