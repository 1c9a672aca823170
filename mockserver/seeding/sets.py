"""Fixture sets as files: the one asked for, and those that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mockserver.bundled import fixture_file, fixture_names
from mockserver.contract.model import Contract
from mockserver.contract.pointer import escape
from mockserver.contract.problem import ContractError, Finding, nearest, shown
from mockserver.contract.yamlfile import Document, load_yaml
from mockserver.seeding.entries import Report

Json = Any
DEFAULT = "documented"
KEYS = ("contract", "description", "extends", "clock", "records", "generate")


@dataclass(frozen=True, slots=True)
class FixtureSet:
    """One file of seeds; `clock` is in milliseconds."""

    document: Document
    clock: int | None
    records: Mapping[str, Json]
    recipes: Mapping[str, Json]


def read_sets(contract: Contract, wanted: str | Path | None, report: Report) -> list[FixtureSet]:
    """The set of that name or file after all that it extends; the contract's default, or none, for None."""
    if wanted is None:
        if DEFAULT not in fixture_names(contract.name):
            return []
        wanted = DEFAULT
    source, place = fixture_file(contract.name, wanted)
    seen = [source]
    sets: list[FixtureSet] = []
    while True:
        document = load_yaml(_read(source, place), source)
        if not isinstance(document.value, dict):
            report.note(document, "", "a fixture file is an object with `records`, `generate` or both")
            break
        sets.insert(0, _read_set(contract, document, report))
        base = document.value.get("extends")
        if base is None:
            break
        found = _base(contract, document, place, base, report)
        if found is None:
            break
        source, place = found
        if source in seen:
            report.note(document, "/extends", f"the set extends itself: {' -> '.join([*seen, source])}")
            break
        seen.append(source)
    return sets


def _read(source: str, place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise ContractError([Finding(source, 0, "", f"cannot be read: {error.strerror or error}")]) from None


def _read_set(contract: Contract, document: Document, report: Report) -> FixtureSet:
    value = document.value
    for key in value:
        if key not in KEYS:
            report.note(document, f"/{escape(key)}", f"unknown key {shown(key)}", nearest(key, KEYS))
    meant = value.get("contract", contract.name)
    if meant != contract.name:
        message = f"these records are for the contract {shown(str(meant))}, not for '{contract.name}'"
        report.note(document, "/contract", message, nearest(str(meant), [contract.name]))
    return FixtureSet(
        document,
        _clock(document, report),
        _object(document, "records", "lists of records by resource", report),
        _object(document, "generate", "an object with `pools` and `records`", report),
    )


def _object(document: Document, key: str, meaning: str, report: Report) -> Mapping[str, Json]:
    value = document.value.get(key)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    report.note(document, f"/{key}", f"'{key}' is {meaning}")
    return {}


def _clock(document: Document, report: Report) -> int | None:
    text = document.value.get("clock")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        report.note(document, "/clock", "a time is written like 2026-02-01T12:00:00Z")
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _base(contract: Contract, document: Document, place: Path, wanted: Json, report: Report) -> tuple[str, Path] | None:
    """Source and place of the set that another one extends: its neighbour, or a bundled one."""
    if not isinstance(wanted, str) or "/" in wanted or "\\" in wanted:
        report.note(document, "/extends", "a set extends another of its folder, or a bundled one, by its name")
        return None
    name = f"{wanted}.yaml"
    neighbours = [path.stem for path in place.parent.glob("*.yaml")]
    # Looked for among the names that are there: one that is too long cannot be asked for.
    if wanted in neighbours:
        return document.source.removesuffix(place.name) + name, place.with_name(name)
    bundled = fixture_names(contract.name)
    if wanted in bundled:
        return fixture_file(contract.name, wanted)
    report.note(document, "/extends", f"there is no set {shown(wanted)}", nearest(wanted, [*neighbours, *bundled]))
    return None
