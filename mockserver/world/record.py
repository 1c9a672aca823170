"""One stored thing."""

from __future__ import annotations

from typing import Any, NamedTuple

Data = dict[str, Any]


class Record(NamedTuple):
    """One stored thing: its own fields only; what it is related to stands in the world's links."""

    resource: str
    id: str
    data: Data

    @property
    def name(self) -> str:
        return str(self.data.get("name", self.id))

    @property
    def deleted(self) -> bool:
        return bool(self.data.get("deleted"))

    def with_data(self, **changes: Any) -> Record:
        return Record(self.resource, self.id, {**self.data, **changes})
