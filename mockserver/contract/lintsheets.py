"""Finds what CSV files name in a contract and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.extensions import faults
from mockserver.contract.origins import Origins
from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest
from mockserver.contract.sheets import REQUIRED, labels_of

Json = Any
USES = ("exportCsv", "importCsv", "describeCsv")
LABELS = ("labels", "label")


def columns(document: Mapping[str, Json], origins: Origins) -> Iterator[Finding]:
    """Kinds of labels that columns tell and that are none."""
    declared = document.get("x-csv")
    if not isinstance(declared, dict) or faults("x-csv", declared):
        return
    labels = document.get("x-labels")
    kinds = labels.get("kinds", {}) if isinstance(labels, dict) else {}
    for name, column in declared.items():
        at = join(("x-csv", name))
        if column.get("as") in LABELS and column.get("kind") not in kinds:
            yield from _absent(origins, f"{at}/kind", str(column.get("kind")), kinds, "kind of labels")
        if column.get("as") == "rows" and not column.get("members"):
            yield origins.finding(at, "a column of rows says which `members` its objects have")


def sheets(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Columns, resources and relations that a resource's file names and that are not there."""
    sheet = declared.get("csv")
    if sheet is None:
        return
    resources, at = document["x-resources"], f"{at}/csv"
    known = document.get("x-csv")
    for key in ("header", "recursive"):
        for label in labels_of(sheet.get(key, "")):
            yield from _absent(origins, f"{at}/{key}", label.removesuffix(REQUIRED), known or {}, "column")
    for name, relation in sheet.get("rows", {}).items():
        here = at + join(("rows", name))
        yield from _absent(origins, here, name, resources, "resource")
        yield from _absent(origins, here, relation, resources.get(name, {}).get("relations", {}), "relation")
    first = resources.get(next(iter(sheet.get("rows", {})), ""), {})
    for name, relation in sheet.get("also", {}).items():
        here = at + join(("also", name))
        yield from _absent(origins, here, name, resources, "resource")
        yield from _absent(origins, here, relation, first.get("relations", {}), "relation")
    scope = sheet.get("of", declared["name"])
    yield from _absent(origins, f"{at}/of", scope, resources, "resource")
    if "through" in sheet:
        relations = resources.get(scope, {}).get("relations", {})
        yield from _absent(origins, f"{at}/through", sheet["through"], relations, "relation")
    if "items" in sheet:
        yield from _absent(origins, f"{at}/items", sheet["items"], declared.get("nested", {}), "nested field")
    if "inside" in sheet:
        names = [label.removesuffix(REQUIRED) for label in labels_of(sheet.get("header", ""))]
        yield from _absent(origins, f"{at}/inside/column", sheet["inside"]["column"], names, "column")


def used(resource: Mapping[str, Json], use: str, origins: Origins, at: str) -> Iterator[Finding]:
    """A file that is asked for and that the resource does not have."""
    sheet = resource.get("csv", {})
    if use in USES and not ("header" in sheet and not sheet.keys().isdisjoint(("rows", "items", "itself"))):
        yield origins.finding(at, f"the behaviour '{use}' needs `csv` with `header`, and `rows`, `items` or `itself`")


def _absent(origins: Origins, at: str, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    if name not in known:
        yield origins.finding(at, f"unknown {what} '{name}'", nearest(name, known))
