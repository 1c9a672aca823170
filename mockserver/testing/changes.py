"""What is different in a world from what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.testing.differences import shown

Json = Any
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A record that was created, updated or deleted.

    `fields` has each field or link of an updated one that changed, with what it was (`before`) and is (`after`).
    """

    kind: str
    resource: str
    name: str
    id: str = field(compare=False)
    fields: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    def told(self) -> str:
        """The record in a line, and a line for each of its fields that changed."""
        return "\n".join([f"{self.kind} {self.resource} {self.name}", *map(self._told, self.fields)])

    def _told(self, name: str) -> str:
        change = self.fields[name]
        return f"  {name}: {shown(change.get('before'))} -> {shown(change.get('after'))}"

    def __repr__(self) -> str:
        fields = f": {', '.join(self.fields)}" if self.fields else ""
        return f"<{self.kind} {self.resource} {self.name}{fields}>"


def change(described: Mapping[str, Json]) -> Change:
    """A difference as the control plane describes it."""
    told = dict(described)
    return Change(told["change"], told["resource"], told["name"], told["id"], told.get("fields", {}))


def told(changes: Sequence[Change]) -> str:
    """The first of them, each with its fields."""
    lines = [each.told() for each in changes[:MOST_TOLD]]
    more = len(changes) - MOST_TOLD
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)
