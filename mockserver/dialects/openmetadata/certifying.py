"""Certifications: by a tag of one classification, from the day it was applied, for so long."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem
from mockserver.values import same

Json = Any
FIELD, LABEL, CLASSIFICATION = "certification", "tagLabel", "Certification"
DAYS = 30


def date(context: Context, edited: dict[str, Json], before: Json) -> None:
    """Gives a certification that is another than before its dates; refuses a tag that certifies nothing."""
    given = edited.get(FIELD)
    if not isinstance(given, dict) or not isinstance(given.get(LABEL), dict):
        return
    if isinstance(before, dict) and _is_same(given, before):
        edited[FIELD] = before
        return
    name = str(given[LABEL].get("tagFQN", ""))
    if name.split(".")[0] != CLASSIFICATION:
        raise Problem(400, f"Invalid Classification: {name} is not valid for Certification.")
    now = context.world.now()
    edited[FIELD] = {**given, "appliedDate": now, "expiryDate": now + DAYS * 86_400_000}


def _is_same(given: dict[str, Json], before: dict[str, Json]) -> bool:
    return same(given[LABEL].get("tagFQN"), before[LABEL].get("tagFQN"))
