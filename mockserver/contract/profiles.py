"""Profiles: named choices of overlays that stand beside a contract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver.contract.pointer import join
from mockserver.contract.problem import ContractError, Finding, nearest
from mockserver.contract.sources import Sources
from mockserver.contract.yamlfile import Document, load_yaml

Json = Any
FILE = "profiles.yaml"
KEYS = ("description", "overlays", "default")


@dataclass(frozen=True)
class Profile:
    """How the server chooses to behave: the overlays to lay over the contract, in order."""

    name: str
    overlays: tuple[Document, ...] = ()


def load_profile(sources: Sources, wanted: str | None) -> Profile:
    """The profile of that name or file; the contract's default for None. ContractError when there is none such."""
    if wanted is not None and wanted.endswith((".yaml", ".yml")):
        return _from_file(Path(wanted))
    profiles = _profiles(sources)
    if wanted is None:
        wanted = next((name for name, each in profiles.items() if each.get("default")), None)
        if wanted is None:
            return Profile("default")
    if wanted not in profiles:
        known = ", ".join(profiles) or "none"
        message = f"there is no profile '{wanted}'; there are: {known}"
        raise ContractError([Finding(FILE, 0, "", message, nearest(wanted, profiles))])
    return Profile(wanted, tuple(sources.load(str(name)) for name in profiles[wanted].get("overlays", ())))


def profile_names(sources: Sources) -> list[str]:
    """The profiles that stand beside a contract."""
    return list(_profiles(sources))


def _profiles(sources: Sources) -> dict[str, Json]:
    try:
        document = sources.load(FILE)
    except ContractError as error:
        if all(not finding.line for finding in error.findings):
            return {}
        raise
    _check(document, document.value, "")
    profiles: dict[str, Json] = document.value
    return profiles


def _check(document: Document, value: Json, at: str) -> None:
    if not isinstance(value, dict):
        raise ContractError([document.finding(at, "profiles are an object: name to {description, overlays}")])
    findings = [
        document.finding(f"{at}{join((name, key))}", f"unknown key '{key}' in a profile", nearest(key, KEYS))
        for name, profile in value.items()
        for key in (profile if isinstance(profile, dict) else {"": None})
        if key not in KEYS
    ]
    if findings:
        raise ContractError(findings)


def _from_file(path: Path) -> Profile:
    try:
        document = load_yaml(path.read_bytes(), str(path))
    except OSError as error:
        raise ContractError([Finding(str(path), 0, "", f"cannot be read: {error.strerror}")]) from error
    _check(document, {"profile": document.value}, "")
    sources = Sources(path.parent)
    return Profile(path.stem, tuple(sources.load(str(name)) for name in document.value.get("overlays", ())))
