"""What is asked of the product's dialect about what goes well or wrong with records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from mockserver.world.record import Record

if TYPE_CHECKING:
    from mockserver.behaviours.context import Answer, Context

Json = Any


class Minding(Protocol):
    """The part of a dialect that is about tests and incidents."""

    def digest(self, context: Context, wanted: str | None) -> Answer:
        """How all tests ended the last time, or those of the record with this id."""

    def incidents(self, context: Context) -> Answer:
        """What became of incidents, or their next step, by the word that the contract has for it."""

    def arrived(self, context: Context, record: Record, series: str, point: dict[str, Json]) -> dict[str, Json]:
        """A point of a record's series as it is kept; one that went wrong opens an incident, or belongs to one."""
