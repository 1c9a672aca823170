"""Reads one YAML or JSON file into plain values, safely whatever the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockserver.contract.budget import Budget
from mockserver.contract.builder import build
from mockserver.contract.jsonfile import NotPlainJson, RefusedJson, as_yaml, halves, looks_like_json, read_json
from mockserver.contract.pointer import parents
from mockserver.contract.positions import Position, positions
from mockserver.contract.problem import ContractError, Finding, Location
from mockserver.contract.text import decode, lines_in

Json = Any
DEFAULT = Budget()


@dataclass
class Document:
    """One file as plain values; where they are written is worked out when somebody asks."""

    source: str
    value: Json
    text: str

    def where(self, pointer: str) -> Location:
        """Where a value is written (its key, inside a mapping); for one that is not there, what would hold it."""
        for known in parents(pointer):
            if known in self._positions:
                line, column = self._positions[known]
                return Location(self.source, min(line, lines_in(self.text)), column)
        return Location(self.source, 1, 1)

    def finding(self, pointer: str, message: str, suggestion: str | None = None) -> Finding:
        """A finding on the value at `pointer`."""
        return Finding(self.source, self.where(pointer).line, pointer, message, suggestion)

    @cached_property
    def _positions(self) -> dict[str, Position]:
        return positions(self.text)


def load_yaml(text: bytes, source: str, budget: Budget = DEFAULT) -> Document:
    """The document in a YAML 1.2 or JSON file; ContractError names all that is refused in it."""
    if len(text) > budget.bytes:
        raise ContractError([Finding(source, 0, "", f"more than {budget.bytes:,} bytes in one file")])
    decoded = decode(text, source)
    if looks_like_json(decoded):
        try:
            return Document(source, read_json(decoded, budget), as_yaml(decoded))
        except RefusedJson:
            decoded = as_yaml(decoded)  # the YAML reader refuses it too, and says where
        except NotPlainJson:
            pass  # YAML in flow style
    value = build(decoded, source, budget)
    if halves(decoded, value):
        raise ContractError(
            [Finding(source, 0, "", "an escape such as \\ud800 is half a character; write the whole one")]
        )
    return Document(source, value, decoded)
