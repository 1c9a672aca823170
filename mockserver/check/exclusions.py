"""The one file that says which checks are not applied to which operations, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mockserver.contract.problem import ContractError, Finding, nearest, shown
from mockserver.contract.yamlfile import Document, load_yaml

REQUIRED = ("operation", "check", "reason")
TEXTS = (*REQUIRED, "profile", "answer", "after")
KEYS = (*TEXTS, "query")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A check that does not count for the operations of a glob, under one profile or all.

    Where it has a `query`, only for requests with these arguments; with an `answer`, only where that is answered;
    with `after`, a glob too, only where such an operation was done before in the same chain.
    """

    operation: str
    check: str
    reason: str
    profile: str | None = None
    place: str = ""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)
    answer: str = ""
    after: str = ""

    def covers(
        self,
        operation: str,
        check: str,
        query: Mapping[str, Any] | None = None,
        answer: str = "",
        done: Collection[str] = (),
    ) -> bool:
        """Whether it excuses the check for an operation that was asked with these query arguments and answered so.

        `done` are the operations that succeeded before it in its chain.
        """
        if check != self.check or not fnmatchcase(operation, self.operation) or self.answer not in answer:
            return False
        if self.after and not any(fnmatchcase(each, self.after) for each in done):
            return False
        asked = query or {}
        return all(str(asked.get(name)) in values for name, values in self.query.items())


def load_exclusions(
    path: Path, *, operations: Collection[str], checks: Collection[str], profile: str | None
) -> tuple[Exclusion, ...]:
    """The exclusions in a file that hold for a profile; ContractError names all that is wrong with the file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContractError([Finding(str(path), 0, "", f"cannot be read: {error.strerror or error}")]) from None
    document = load_yaml(raw, str(path))
    if findings := list(_wrong(document, operations, checks)):
        raise ContractError(findings)
    found = (_exclusion(document, index, entry) for index, entry in enumerate(document.value or []))
    return tuple(exclusion for exclusion in found if exclusion.profile in {None, profile})


def first_covering(
    exclusions: Sequence[Exclusion],
    operation: str,
    check: str,
    query: Mapping[str, Any] | None = None,
    answer: str = "",
    done: Collection[str] = (),
) -> Exclusion | None:
    """The exclusion that excuses a failure, if one does."""
    return next((each for each in exclusions if each.covers(operation, check, query, answer, done)), None)


def _exclusion(document: Document, index: int, entry: dict[str, Any]) -> Exclusion:
    return Exclusion(
        entry["operation"],
        entry["check"],
        entry["reason"].strip(),
        entry.get("profile"),
        f"{document.source}:{document.where(f'/{index}').line}",
        entry.get("query", {}),
        entry.get("answer", ""),
        entry.get("after", ""),
    )


def _wrong(document: Document, operations: Collection[str], checks: Collection[str]) -> Iterator[Finding]:
    entries = document.value
    if entries is None:
        return
    if not isinstance(entries, list):
        yield document.finding("", "must be a list of exclusions, each with operation, check and reason")
        return
    seen: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(entries):
        if findings := list(_wrong_keys(document, f"/{index}", entry)):
            yield from findings
            continue
        yield from _wrong_names(document, f"/{index}", entry, operations, checks)
        key = tuple(str(entry.get(each, "")) for each in KEYS if each != "reason")
        if (first := seen.setdefault(key, index)) != index:
            place = document.where(f"/{first}").line
            yield document.finding(f"/{index}", f"excludes what line {place} excludes already")


def _wrong_keys(document: Document, pointer: str, entry: Any) -> Iterator[Finding]:
    if not isinstance(entry, dict):
        yield document.finding(pointer, "must be a mapping with operation, check and reason")
        return
    for key in entry:
        if key not in KEYS:
            yield document.finding(f"{pointer}/{key}", f"an exclusion has no {shown(key)}", nearest(key, KEYS))
    for key in REQUIRED:
        if key not in entry:
            yield document.finding(pointer, f"{shown(key)} is missing")
    for key in TEXTS:
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            yield document.finding(f"{pointer}/{key}", f"{shown(key)} must be a text that is not empty")
    if "query" in entry and not _is_query(entry["query"]):
        yield document.finding(f"{pointer}/query", "'query' must map the names of query arguments to lists of texts")


def _is_query(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in value.values())
    )


def _wrong_names(
    document: Document, pointer: str, entry: dict[str, str], operations: Collection[str], checks: Collection[str]
) -> Iterator[Finding]:
    check = entry["check"]
    if check not in checks:
        yield document.finding(f"{pointer}/check", f"there is no check {shown(check)}", nearest(check, checks))
    for key in ("operation", "after"):
        glob = entry.get(key)
        if glob is not None and not any(fnmatchcase(known, glob) for known in operations):
            message = f"the contract has no operation {shown(glob)}"
            yield document.finding(f"{pointer}/{key}", message, nearest(glob, operations))
