"""What is asked of a dialect about refusals: what contradicts a record, and in which words that is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.contract.model import Contract
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

if TYPE_CHECKING:
    from mockserver.behaviours.context import Context

Json = Any


class Refusing(Protocol):
    """What one product refuses its own way."""

    def examine(self, context: Context, record: Record, field: str, value: Json, other: Record | None = None) -> None:
        """Refuses what is to hang on a record under a field, or on what leads to another one, and contradicts them."""

    def refusal(self, contract: Contract, violations: Iterable[Violation], arguments: Mapping[str, Json]) -> Problem:
        """What the contract found wrong with a request, in the product's own words where it has some."""
