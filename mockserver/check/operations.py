"""The operations of an OpenAPI document by name, and which of them were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from mockserver.check.target import CannotRunError
from mockserver.contract.problem import nearest, shown

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `name` is its operationId, or its label where it has none."""

    name: str
    method: str
    path: str
    definition: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def starts_chains(self) -> bool:
        """Whether it declares what can follow one of its answers."""
        return any(isinstance(answer, dict) and answer.get("links") for answer in self.definition["responses"].values())

    def secured_in(self, document: Mapping[str, Any]) -> bool:
        return bool(self.definition.get("security", document.get("security")))


def operations_of(document: Mapping[str, Any]) -> dict[str, Operation]:
    """The operations by label, in the document's order."""
    found = {}
    for path, item in (document.get("paths") or {}).items():
        for method in METHODS:
            if not isinstance(item, dict) or not isinstance(definition := item.get(method), dict):
                continue
            parameters = (*item.get("parameters", ()), *definition.get("parameters", ()))
            name = definition.get("operationId", f"{method.upper()} {path}")
            operation = Operation(name, method.upper(), path, {"responses": {}, **definition}, parameters)
            found[operation.label] = operation
    return found


def selected(known: Mapping[str, Operation], globs: Sequence[str]) -> frozenset[str]:
    """The labels of the operations that the globs name, or of all; CannotRunError for a glob that names none."""
    if not globs:
        return frozenset(known)
    chosen: set[str] = set()
    for glob in globs:
        matching = {label for label, operation in known.items() if fnmatchcase(operation.name, glob)}
        if not matching:
            close = nearest(glob, [operation.name for operation in known.values()])
            hint = f"; did you mean {shown(close)}?" if close else ""
            raise CannotRunError(f"the contract has no operation {shown(glob)}{hint}")
        chosen |= matching
    return frozenset(chosen)
