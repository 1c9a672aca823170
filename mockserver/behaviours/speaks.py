"""What is asked of the product's dialect about telling: of changes to others, and by people to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mockserver.behaviours.context import Answer, Context
    from mockserver.world.record import Record

Json = Any


class Speaks(Protocol):
    """The part of a dialect that is about alerts and the feed."""

    def told(self, context: Context, record: Record | None) -> Json:
        """What became of what a record had others told; without a record, of all that, or what there is to tell."""

    def tell(self, context: Context, record: Record | None) -> Json:
        """Has a record tell others at once or no more; without a record, sends them a message."""

    def threads(self, context: Context) -> Answer:
        """What people said about records."""

    def converse(self, context: Context) -> Answer:
        """Has the caller say something about a record, change it, or take it back."""

    def errands(self, context: Context) -> Answer:
        """What people are asked to do, or the next step of that, by the word that the contract has for it."""
