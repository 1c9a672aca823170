"""What a reference means across the files of a contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.contract.pointer import Missing, follow, split
from mockserver.contract.problem import ContractError, Finding, nearest, shown
from mockserver.contract.sources import RefusedSource, Sources
from mockserver.contract.walk import Trail, pointer_of, trail_of
from mockserver.contract.yamlfile import Document

Json = Any

LONGEST_CHAIN = 50
# Looking for the nearest name is slow enough for a document full of wrong references to matter.
MOST_SUGGESTIONS = 100


@dataclass(frozen=True, slots=True)
class Target:
    """A value in one of the files, by its pointer there."""

    document: Document
    pointer: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells this target from all others."""
        return self.document.source, self.pointer

    def value(self) -> Json:
        """The value itself; Missing when it is not there."""
        return follow(self.document.value, split(self.pointer))


class Targets:
    """Finds targets, and gathers findings on the references that have none."""

    def __init__(self, root: Document, sources: Sources) -> None:
        self.root = root
        self.sources = sources
        self.findings: dict[Finding, None] = {}

    def find(self, document: Document, trail: Trail, ref: str) -> Target | None:
        """Where `ref`, standing in `document`, leads in the end; None if it leads nowhere, or stays in the root."""
        for _ in range(LONGEST_CHAIN):
            target = self._step(document, trail, ref)
            if target is None or target.document is self.root:
                return target
            value = target.value()
            if not is_bare_reference(value):
                return target
            document, trail, ref = target.document, (trail_of(split(target.pointer)), "$ref"), value["$ref"]
        self.note(
            document, trail, f"{shown(ref)} leads back to itself, or through more than {LONGEST_CHAIN} references"
        )
        return None

    def note(self, document: Document, trail: Trail, message: str, suggestion: str | None = None) -> None:
        """Adds a finding, once."""
        self.findings[document.finding(pointer_of(trail), message, suggestion)] = None

    def _step(self, document: Document, trail: Trail, ref: str) -> Target | None:
        path, _, fragment = ref.partition("#")
        if not path and document is self.root:
            return None
        found = self._document(document, trail, path) if path else document
        if found is None:
            return None
        pointer = unquote(fragment)
        if pointer and not pointer.startswith("/"):
            self.note(document, trail, f"{shown(ref)} is an anchor; only JSON pointers ('#/…') are followed")
            return None
        target = Target(found, pointer)
        try:
            target.value()
        except Missing as missing:
            suggest = isinstance(missing.inside, dict) and len(self.findings) < MOST_SUGGESTIONS
            suggestion = nearest(missing.token, missing.inside) if suggest else None
            place = f"{found.source}#{missing.at}" if missing.at else found.source
            self.note(document, trail, f"{shown(ref)} leads nowhere: no {shown(missing.token)} in {place}", suggestion)
            return None
        return target

    def _document(self, document: Document, trail: Trail, path: str) -> Document | None:
        try:
            name = self.sources.locate(path, document.source)
            return self.root if name == self.root.source else self.sources.load(name)
        except RefusedSource as refused:
            self.note(document, trail, refused.message, refused.suggestion)
        except ContractError as error:
            self.findings.update(dict.fromkeys(error.findings))
        return None


def is_bare_reference(value: Json) -> bool:
    """Whether a value is a reference and nothing else."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str)
