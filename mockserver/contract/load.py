"""Loads a contract: files in, a checked Contract out, or every finding at once."""

from __future__ import annotations

from pathlib import Path

from mockserver.bundled import contract_root
from mockserver.contract.assemble import Assembly, assemble
from mockserver.contract.lint import lint
from mockserver.contract.model import Contract
from mockserver.contract.overlay import apply_overlay
from mockserver.contract.patterns import check_patterns
from mockserver.contract.problem import ContractError
from mockserver.contract.profiles import load_profile
from mockserver.contract.reading import read_contract
from mockserver.contract.refs import check_refs
from mockserver.contract.sources import Sources


def load_contract(source: str | Path = "openmetadata", profile: str | None = None) -> Contract:
    """The contract of a bundled name, a folder or a file, under a profile's overlays.

    ContractError says everything that is wrong with it, at once.
    """
    name, root = contract_root(source)
    sources = Sources(root)
    assembly = assemble(sources)
    chosen = load_profile(sources, profile)
    if chosen.overlays:
        assembly.own()
    for overlay in chosen.overlays:
        assembly.findings += apply_overlay(assembly.document, overlay)
    check(assembly)
    return read_contract(name, assembly.document, chosen.name)


def check(assembly: Assembly) -> None:
    """ContractError with everything wrong in an assembled document; meaning is looked at once the references hold."""
    document, origins = assembly.document, assembly.origins
    assembly.findings += [*check_refs(origins), *check_patterns(origins)]
    assembly.findings += lint(document, origins, assembly.broken)
    if assembly.findings:
        raise ContractError(dict.fromkeys(assembly.findings))


def root_of(source: str | Path) -> Path:
    """The folder or file that a contract is read from."""
    return contract_root(source)[1]
