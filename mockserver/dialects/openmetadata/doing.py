"""What tasks ask for, by their type, done: descriptions, labels, owners, tiers and domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import applying, names
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
SUGGESTION = "Suggestion"


def do(context: Context, kind: str, entity: Record, payload: Mapping[str, Json], value: str | None) -> None:
    """Writes what a task of some type asks for; what cannot be written is left, as the task is over all the same."""
    if kind == SUGGESTION:
        kind = {"Description": "DescriptionUpdate", "Tag": "TagUpdate"}.get(str(payload.get("suggestionType")), "")
    mark = context.world.mark()
    try:
        if kind == "DescriptionUpdate":
            _describe(context, entity, payload, value)
        elif kind == "TagUpdate":
            _label(context, entity, payload, value)
        elif kind == "TierUpdate" and payload.get("newTier"):
            applying.write(context, entity, ("tags",), lambda there: _joined(there, [payload["newTier"]], "Tier."))
        elif kind == "OwnershipUpdate" and payload.get("newOwners"):
            applying.write(context, entity, ("owners",), lambda _: payload["newOwners"])
        elif kind == "DomainUpdate" and (domain := payload.get("newDomain")):
            applying.write(context, entity, ("domains",), lambda _: domain if isinstance(domain, list) else [domain])
    except Problem:
        context.world.back_to(mark)


def _describe(context: Context, entity: Record, payload: Mapping[str, Json], value: str | None) -> None:
    text = value or payload.get("newDescription") or payload.get("suggestedValue")
    if text:
        applying.write(context, entity, _path(payload, "description"), lambda _: text)


def _label(context: Context, entity: Record, payload: Mapping[str, Json], value: str | None) -> None:
    """Adds labels, and takes others off; of a value the labels are added."""
    text = value or payload.get("suggestedValue")
    added = payload.get("tagsToAdd") if not value else None
    if added is None:
        added = _read(text)
    removed = set() if value else {each.get("tagFQN") for each in payload.get("tagsToRemove") or ()}

    def change(there: Json) -> Json:
        return _joined([each for each in there or () if each["tagFQN"] not in removed], added)

    applying.write(context, entity, _path(payload, "tags"), change)


def _read(text: Json) -> list[Json]:
    """The labels in a JSON text."""
    try:
        found = orjson.loads(text) if isinstance(text, str) else []
    except orjson.JSONDecodeError:
        raise Problem(400, "the new value must be the JSON of a list of tags") from None
    return found if isinstance(found, list) else []


def _joined(there: Json, added: list[Json], instead: str | None = None) -> list[Json]:
    """Labels with others added, which stand instead of those that begin alike."""
    kept = [each for each in there or () if instead is None or not each["tagFQN"].startswith(instead)]
    names = {each["tagFQN"] for each in kept}
    return [*kept, *(each for each in added if each.get("tagFQN") not in names)]


def _path(payload: Mapping[str, Json], field: str) -> tuple[str, ...]:
    """Where a value belongs: in a field of the record, or of an item such as `columns::total` or `columns.total`."""
    path = str(payload.get("fieldPath") or payload.get("field") or "")
    steps = path.split("::") if "::" in path else names.parts(path)
    steps = [step.strip('"') for step in steps if step]
    if steps and steps[-1] == field:
        steps = steps[:-1]
    return (*steps, field) if len(steps) > 1 else (field,)
