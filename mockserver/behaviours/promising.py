"""What the verbs on promises ask of the product's dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.world.record import Record

if TYPE_CHECKING:
    from mockserver.behaviours.context import Context

Json = Any


class Promising(Protocol):
    """A dialect's knowledge of promises that some records make about others."""

    def judge(self, context: Context, record: Record) -> dict[str, Json]:
        """What comes of holding the record that a promise is about to the promise."""

    def rehearse(self, context: Context, body: Mapping[str, Json]) -> dict[str, Json]:
        """What would be wrong with a promise of that create body."""

    def notate(self, context: Context, record: Record) -> dict[str, Json]:
        """The record in the notation that others exchange such records in."""

    def adopt(self, context: Context, notation: Mapping[str, Json], about: Record) -> dict[str, Json]:
        """The create body that a record about another one in that notation means."""
