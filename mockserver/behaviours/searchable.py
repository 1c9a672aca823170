"""What a search asks of the product's dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mockserver.behaviours.context import Context
    from mockserver.behaviours.nearness import Near
    from mockserver.contract.model import Contract, Resource
    from mockserver.search.segment import Read
    from mockserver.world.recall import Reader
    from mockserver.world.record import Record

Json = Any


class Searchable(Protocol):
    """Which fields of an answer follow from a record alone, so that they can be known by heart."""

    def around(self, resource: Resource) -> frozenset[str]:
        """The fields of an answer that do not follow from a record's own fields and its labels."""

    def own(self, context: Context, record: Record) -> Mapping[str, Json]:
        """A record's own fields, and what its labels tell now."""

    def searched(self, context: Context, record: Record) -> Mapping[str, Json]:
        """What searches find in a record besides what is answered of it unasked."""

    def reader(self, resource: Resource, steps: Sequence[str]) -> Read | None:
        """How what steps lead to is found in these: what their first step leads to, as it is answered.

        None when it is never answered. What has no field of that name is not asked.
        """

    def near(self, contract: Contract, resource: Resource, name: str) -> Near | None:
        """What one of the fields that follow from other records hangs on in a record itself."""

    def beside(self, world: Reader, contract: Contract, record: Record, name: str) -> Json:
        """One of these as it is answered; addresses begin with a zero character. None when there is no such."""

    def hidden_by(self, contract: Contract, resource: Resource) -> Near | None:
        """What decides in a record whether it is hidden from somebody."""
