"""What several commands have in common: the contract they are about, and how they fail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from mockserver.contract.problem import ContractError

FINDINGS, COULD_NOT_RUN = 1, 2
NAME_OR_FILE = "NAME|FILE"
VARIABLES = "MOCKSERVER_"

contract_argument = click.argument("contract", default="openmetadata")
profile_option = click.option(
    "--profile", metavar=NAME_OR_FILE, help="How the server behaves; the contract names some."
)
fixtures_option = click.option("--fixtures", metavar=NAME_OR_FILE, help="What the world starts with.")
key_option = click.option(
    "--key-file", type=click.Path(path_type=Path), help="The private key that signs tokens, instead of your own."
)


class ByVariables(click.Command):
    """Takes each option from a variable too, such as MOCKSERVER_PORT, as containers have it."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for option in self.params:
            if isinstance(option, click.Option):
                option.envvar = VARIABLES + option.opts[0].removeprefix("--").replace("-", "_").upper()
                option.show_envvar = True


class CannotRun(click.ClickException):
    """One clear line, and the exit status of what could not be run."""

    exit_code = COULD_NOT_RUN

    def show(self, file: object = None) -> None:
        click.echo(f"error: {self.message}", err=True)


def refuse(error: ContractError) -> NoReturn:
    """Ends because a contract, a profile or a fixture set cannot be used."""
    findings = [str(finding) for finding in error.findings]
    if len(findings) == 1:
        raise CannotRun(findings[0]) from error
    raise CannotRun(f"{len(findings)} things are wrong:\n" + "\n".join(findings)) from error
