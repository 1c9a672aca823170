"""Data contracts: what they may say of an entity, and whether the entity keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.behaviours.series import newest_first
from mockserver.dialects.openmetadata.semantics import Rules, UnknownRule
from mockserver.dialects.openmetadata.view import view
from mockserver.exchange import Problem
from mockserver.world.links import Links
from mockserver.world.record import Data, Record

Json = Any
# Where entities keep what a contract calls their schema.
COLUMNS = ("columns", "fields", "messageSchema.schemaFields", "dataModel.columns", "requestSchema.schemaFields")


def settled(context: Context, data: Data, before: Mapping[str, Json], links: Mapping[str, Links]) -> Data:
    """The fields of a contract, refused when its entity has one already, or has not the columns that it speaks of."""
    entity = _entity(context, data, links)
    if entity is None:
        return data
    resource = context.contract.resources[entity.resource]
    if not before:
        for id in context.world.sources(entity.id, "entity"):
            other = context.world.record(id)
            if other is not None and other.resource == context.resource.name and not other.deleted:
                message = f"A data contract already exists for entity '{resource.entity}' with ID {entity.id}"
                raise Problem(400, message)
    known = {str(each["name"]) for each in _columns(entity)}
    for column in data.get("schema") or () if known else ():
        if column["name"] not in known:
            word = f"{resource.entity} '{entity.name}'"
            raise Problem(400, f"Field '{column['name']}' specified in the data contract does not exist in {word}")
    return data


def _entity(context: Context, data: Mapping[str, Json], links: Mapping[str, Links]) -> Record | None:
    targets = links.get("entity") or context.world.links(str(data.get("id", "")), "entity")
    return next((found for id in targets if (found := context.world.record(id)) is not None), None)


def _columns(entity: Record) -> list[dict[str, Json]]:
    """The columns, fields or attributes of an entity, with those nested in them."""
    for path in COLUMNS:
        found: Json = entity.data
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if found:
            return list(_with_nested(found))
    return []


def _with_nested(items: Iterable[dict[str, Json]]) -> Iterable[dict[str, Json]]:
    for each in items:
        yield each
        yield from _with_nested(each.get("children") or ())


def judge(context: Context, record: Record) -> dict[str, Json]:
    """The result of holding the entity to the contract now."""
    world = context.world
    entity = _entity(context, record.data, {})
    result: dict[str, Json] = {
        "id": world.new_id(),
        "dataContractFQN": record.data["fullyQualifiedName"],
        "timestamp": world.now(),
    }
    faults = []
    if entity is not None and record.data.get("schema"):
        result["schemaValidation"] = of_schema = _judge_schema(record.data["schema"], entity)
        faults += ["Schema validation failed"] if of_schema["failed"] else []
    if entity is not None and record.data.get("semantics"):
        result["semanticsValidation"] = of_rules = _judge_semantics(context, record.data["semantics"], entity)
        faults += ["Semantics validation failed"] if of_rules["failed"] else []
    quality, waiting = _judge_quality(context, record)
    if quality is not None:
        result["qualityValidation"] = quality
        faults += ["Quality validation failed"] if quality["failed"] else []
    result["contractExecutionStatus"] = "Failed" if faults else "Running" if waiting else "Success"
    if faults:
        result["result"] = "; ".join(faults)
    return result


def _judge_schema(promised: list[dict[str, Json]], entity: Record) -> dict[str, Json]:
    there = {str(each["name"]): each for each in _columns(entity)}
    names = [str(each["name"]) for each in promised]
    missing = [name for name in names if name not in there]
    repeated = sorted({name for name in names if names.count(name) > 1})
    differing = []
    for each in promised:
        found = there.get(str(each["name"]))
        wanted, is_one = each.get("dataType"), None if found is None else found.get("dataType")
        if wanted and is_one and wanted != is_one:
            differing.append(f"{each['name']}: expected {wanted}, got {is_one}")
    failed = len({*missing, *repeated, *(each.split(":")[0] for each in differing)})
    judged: dict[str, Json] = {"passed": len(set(names)) - failed, "failed": failed, "total": len(set(names))}
    lists = {"failedFields": missing, "duplicateFields": repeated, "typeMismatchFields": differing}
    return {**judged, **{key: each for key, each in lists.items() if each}}


def _judge_semantics(context: Context, rules: list[dict[str, Json]], entity: Record) -> dict[str, Json]:
    kind = context.contract.resources[entity.resource].entity
    judge = Rules(view(context.world, context.contract, entity, context.home).members)
    failed = []
    told = [rule for rule in rules if rule["enabled"] and rule.get("entityType") in (None, "", kind)]
    told = [rule for rule in told if kind not in (rule.get("ignoredEntities") or ())]
    for rule in told:
        try:
            if not judge.holds(rule["rule"]):
                failed.append({"ruleName": rule["name"], "reason": rule["description"]})
        except UnknownRule as reason:
            failed.append({"ruleName": rule["name"], "reason": str(reason)})
    return {"passed": len(told) - len(failed), "failed": len(failed), "total": len(told), "failedRules": failed}


def _judge_quality(context: Context, record: Record) -> tuple[dict[str, Json] | None, bool]:
    """What the newest results of the promised tests say, and whether one of them has none yet."""
    tests = [
        found for id in context.world.links(record.id, "qualityExpectations") if (found := context.world.record(id))
    ]
    if not tests:
        return None, False
    series = context.contract.resources[tests[0].resource].series["testCaseResults"]
    newest = [next(iter(newest_first(context.world, test.id, series)), None) for test in tests]
    done = [point for point in newest if point is not None]
    failed = sum(point.get("testCaseStatus") == "Failed" for point in done)
    passed = sum(point.get("testCaseStatus") == "Success" for point in done)
    judged = {"passed": passed, "failed": failed, "total": len(tests), "qualityScore": 100 * passed / len(tests)}
    return judged, len(done) < len(tests)


def rehearse(context: Context, body: Mapping[str, Json]) -> dict[str, Json]:
    """Whether a contract of that body could be made, and what is wrong with it."""
    data, links = context.dialect.compose(context, body)
    entity = _entity(context, data, links)
    judged: dict[str, Json] = {"valid": True}
    if entity is not None and data.get("schema"):
        judged["schemaValidation"] = found = _judge_schema(data["schema"], entity)
        judged["valid"] = not found["failed"]
    try:
        settled(context, {**data, "schema": None}, {}, links)
    except Problem as problem:
        judged.update(valid=False, entityErrors=[problem.message])
    return judged
