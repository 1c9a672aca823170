"""Certifications: by a tag of the classification that the settings name, from its day, for as long as they say."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import names, periods
from mockserver.exchange import Problem
from mockserver.values import same
from mockserver.world.recall import Reader

Json = Any
FIELD, LABEL = "certification", "tagLabel"
SETTING, CLASSIFICATION, VALIDITY = "assetCertificationSettings", "allowedClassification", "validityPeriod"
# The record that the settings are kept with, and its field.
KEEPER, KEPT = ("teams", "Organization"), "settings"
UNSET = "Certification is not configured. Please configure the Classification used for Certification in the Settings."


def date(context: Context, edited: dict[str, Json], before: Json) -> None:
    """Gives a certification that is another than before its dates; refuses a tag that certifies nothing."""
    given = edited.get(FIELD)
    if not isinstance(given, dict) or not isinstance(given.get(LABEL), dict):
        return
    if isinstance(before, dict) and _is_same(given, before):
        edited[FIELD] = before
        return
    allowed, period = _settings(context.world)
    name = str(given[LABEL].get("tagFQN", ""))
    if ".".join(names.parts(name)[:-1]) != allowed:
        raise Problem(400, f"Invalid Classification: {name} is not valid for Certification.")
    now = context.world.now()
    try:
        edited[FIELD] = {**given, "appliedDate": now, "expiryDate": periods.after(now, period)}
    except ValueError as error:
        raise Problem(400, f"The setting {SETTING} has a {VALIDITY} that cannot be read: {error}") from None


def _settings(world: Reader) -> tuple[str, str]:
    """The classification whose tags certify, and for how long; Problem 400 where they are not set."""
    keeper = world.find(*KEEPER)
    setting = {} if keeper is None else keeper.data.get(KEPT, {}).get(SETTING)
    if not isinstance(setting, dict) or not setting.get(CLASSIFICATION) or not setting.get(VALIDITY):
        raise Problem(400, UNSET)
    return str(setting[CLASSIFICATION]), str(setting[VALIDITY])


def _is_same(given: dict[str, Json], before: dict[str, Json]) -> bool:
    return same(given[LABEL].get("tagFQN"), before[LABEL].get("tagFQN"))
