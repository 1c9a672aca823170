"""Where the parts of an assembled document were written, so that a finding can name file and line."""

from __future__ import annotations

from typing import Any

from mockserver.contract.pointer import Missing, follow, parents, split
from mockserver.contract.problem import Finding
from mockserver.contract.yamlfile import Document


class Origins:
    """Pairs of a place in the assembled document and the place in a file that it came from; later pairs win."""

    def __init__(self, value: dict[str, Any], root: Document) -> None:
        self.value = value
        self._pairs: list[tuple[str, Document, str]] = [("", root, "")]

    def add(self, pointer: str, document: Document, written: str) -> None:
        """What stands at `pointer` came from `written` in the file."""
        self._pairs.append((pointer, document, written))

    def finding(self, pointer: str, message: str, suggestion: str | None = None) -> Finding:
        """A finding on what stands at `pointer` of the assembled document, placed in the file it was written in."""
        document, written = self._locate(pointer)
        return Finding(document.source, document.where(written).line, pointer, message, suggestion)

    def _locate(self, pointer: str) -> tuple[Document, str]:
        """The file and place that says most of the way to the pointer."""
        best: tuple[int, int, Document, str] | None = None
        for prefix, document, written in reversed(self._pairs):
            if pointer != prefix and not pointer.startswith(prefix + "/"):
                continue
            known = _deepest(document, written + pointer[len(prefix) :])
            reached = len(split(known)) - len(split(written)) + len(split(prefix))
            if best is None or (reached, len(prefix)) > best[:2]:
                best = (reached, len(prefix), document, known)
        assert best is not None
        return best[2], best[3]


def _deepest(document: Document, pointer: str) -> str:
    for known in parents(pointer):
        try:
            follow(document.value, split(known))
        except Missing:
            continue
        return known
    return ""
