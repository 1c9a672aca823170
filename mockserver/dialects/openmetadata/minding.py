"""The part of the dialect that is about incidents, read when one is first asked about."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.world.record import Record

Json = Any


class Minding:
    """What becomes of records with which something is wrong."""

    def incidents(self, context: Context) -> Answer:
        from mockserver.dialects.openmetadata import incidents

        return incidents.answer(context)

    def arrived(self, context: Context, record: Record, series: str, point: dict[str, Json]) -> dict[str, Json]:
        from mockserver.dialects.openmetadata import incidentsteps

        return incidentsteps.arrived(context, record, series, point)
