"""One record as a fixture file gives it, and the findings on such records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.contract.model import Resource
from mockserver.contract.problem import ContractError, Finding
from mockserver.contract.yamlfile import Document
from mockserver.world.record import Record

Json = Any
MOST_FINDINGS = 100


@dataclass(slots=True, eq=False)
class Entry:
    """A record on its way into a world; `recipe` says which one a recipe made, `parent` is its parent's unique name."""

    resource: Resource
    value: dict[str, Json]
    document: Document
    pointer: str
    recipe: str | None = None
    id: str = ""
    parent: str | None = None
    record: Record | None = None

    @property
    def name(self) -> str:
        return str(self.value["name"])


class Report:
    """What was found wrong, all of it, up to MOST_FINDINGS."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._spokesmen: dict[tuple[str, str], Entry] = {}

    def __bool__(self) -> bool:
        return bool(self.findings)

    def note(self, document: Document, pointer: str, message: str, suggestion: str | None = None) -> None:
        """Adds a finding; the one too many ends the search."""
        self.findings.append(document.finding(pointer, message, suggestion))
        if len(self.findings) >= MOST_FINDINGS:
            self.stop()

    def on(self, entry: Entry, at: str, message: str, suggestion: str | None = None) -> None:
        """Adds a finding on a record. The first wrong record that a recipe made speaks for all others of it."""
        if entry.recipe is not None:
            spokesman = self._spokesmen.setdefault((entry.document.source, entry.pointer), entry)
            if spokesman is not entry:
                return
            message = f"{message} (in {entry.recipe}, made by this recipe)"
        self.note(entry.document, entry.pointer + at, message, suggestion)

    def stop(self) -> None:
        """ContractError with what was found, if anything was, in the order of the lines."""
        if self.findings:
            raise ContractError(sorted(dict.fromkeys(self.findings), key=lambda each: (each.source, each.line)))
