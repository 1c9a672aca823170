"""The part of the dialect that is about tests and incidents, read when one is first asked about."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.world.record import Record

Json = Any


class Minding:
    """How tests end, and what becomes of records with which something is wrong."""

    def digest(self, context: Context, wanted: str | None) -> Answer:
        from mockserver.dialects.openmetadata import summing

        return summing.digest(context, wanted)

    def incidents(self, context: Context) -> Answer:
        from mockserver.dialects.openmetadata import incidents

        return incidents.answer(context)

    def arrived(self, context: Context, record: Record, series: str, point: dict[str, Json]) -> dict[str, Json]:
        from mockserver.dialects.openmetadata import incidentsteps

        return incidentsteps.arrived(context, record, series, point)
