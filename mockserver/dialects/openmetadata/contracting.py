"""What the general verbs ask about data contracts; the modules that know are read when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata import view
from mockserver.world.record import Record

Json = Any


class Contracting:
    """The part of the dialect that judges promises and reads and writes them in the standard."""

    def judge(self, context: Context, record: Record) -> dict[str, Json]:
        return dict(_late("pacts").judge(context, record))

    def rehearse(self, context: Context, body: Mapping[str, Json]) -> dict[str, Json]:
        return dict(_late("pacts").rehearse(context, body))

    def notate(self, context: Context, record: Record) -> dict[str, Json]:
        return dict(_late("odcs").written(view.view(context.world, context.contract, record, context.home).members))

    def adopt(self, context: Context, notation: Mapping[str, Json], about: Record) -> dict[str, Json]:
        wanted = context.arguments.get("objectName")
        return dict(_late("odcs").read(notation, view.reference(context.contract, about, context.home), wanted))


def _late(module: str) -> Any:
    """A module of this dialect that a start has no need of."""
    return import_module(f"mockserver.dialects.openmetadata.{module}")
