"""`mockserver lint`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mockserver.commands.sharing import FINDINGS, NAME_OR_FILE, contract_argument, refuse

if TYPE_CHECKING:
    from mockserver.contract.model import Contract

EPILOG = """\b
Examples:
  mockserver lint
  mockserver lint openmetadata --profile server-2.0

Exit status: 0 without errors, 1 with errors, 2 when there is no such contract.
"""


@click.command("lint", epilog=EPILOG, short_help="Look for errors in a contract.")
@contract_argument
@click.option(
    "--profile", metavar=NAME_OR_FILE, help="Only under this profile, not under each that the contract names."
)
def command(contract: str, profile: str | None) -> None:
    """Print every error in CONTRACT with its place: a bundled name, a folder or a file."""
    from mockserver.bundled import contract_root
    from mockserver.contract.problem import ContractError

    try:
        contract_root(contract)
    except ContractError as error:
        refuse(error)
    findings: dict[str, None] = {}
    loaded: list[Contract] = []
    profiles = [profile] if profile else _profiles(contract)
    for name in profiles:
        try:
            loaded.append(_load(contract, name))
        except ContractError as error:
            findings.update(dict.fromkeys(map(str, error.findings)))
    for finding in findings:
        click.echo(finding)
    if findings:
        click.echo(f"{contract}: {len(findings)} error{'' if len(findings) == 1 else 's'}", err=True)
        sys.exit(FINDINGS)
    under = ", ".join(name for name in profiles if name)
    told = f"{loaded[0].name}: {len(loaded[0].operations)} operations, no errors"
    click.echo(f"{told} (profiles: {under})" if under else told)


def _profiles(contract: str) -> list[str | None]:
    """Every profile's name; None alone when there are none, or when they cannot be read."""
    from mockserver.bundled import contract_root
    from mockserver.contract.problem import ContractError
    from mockserver.contract.profiles import profile_names
    from mockserver.contract.sources import Sources

    try:
        return [*profile_names(Sources(contract_root(contract)[1]))] or [None]
    except ContractError:
        return [None]


def _load(contract: str, profile: str | None) -> Contract:
    from mockserver.contract.load import load_contract

    return load_contract(contract, profile)
