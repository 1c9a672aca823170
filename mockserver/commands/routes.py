"""`mockserver routes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mockserver.commands.sharing import contract_argument, profile_option, refuse

if TYPE_CHECKING:
    from mockserver.contract.model import Contract, Operation

HEADINGS = ("OPERATION", "METHOD", "PATH", "BEHAVIOUR", "STATE", "RESOURCE", "SECURITY")
# Behaviours that answer an example, whatever the world is.
CANNED = ("example", "canned")
EPILOG = """\b
Examples:
  mockserver routes
  mockserver routes openmetadata --profile server-2.0
"""


@click.command("routes", epilog=EPILOG, short_help="Print what each operation of a contract does.")
@contract_argument
@profile_option
def command(contract: str, profile: str | None) -> None:
    """Print operation, method, path, behaviour, state, resource and security of everything that CONTRACT serves.

    The state is `stateful`, or `canned` where nothing is done and an example is answered.
    """
    from mockserver.contract.load import load_contract
    from mockserver.contract.problem import ContractError

    try:
        loaded = load_contract(contract, profile)
    except ContractError as error:
        refuse(error)
    rows = [HEADINGS, *(_row(loaded, operation) for operation in loaded.operations)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(contract: Contract, operation: Operation) -> tuple[str, ...]:
    resource = "-" if operation.resource is None else operation.resource.name
    path = contract.prefix + operation.path
    behaviour = operation.behaviour or "example"
    state = "canned" if behaviour in CANNED else "stateful"
    return operation.id, operation.method, path, behaviour, state, resource, _security(contract, operation)


def _security(contract: Contract, operation: Operation) -> str:
    """The schemes that are asked for; alternatives by `|`."""
    if not operation.secured:
        return "-"
    wanted = operation.document.get("security", contract.parts.get("security", []))
    return "|".join("+".join(alternative) or "none" for alternative in wanted)
