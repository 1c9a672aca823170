"""The command `mockserver`: its commands by name, each imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

COMMANDS = {
    "check": "Test a server against its contract.",
    "completion": "Print a script that completes commands in a shell.",
    "export": "Write a world to a file.",
    "import": "Read a world from a file.",
    "lint": "Look for errors in a contract.",
    "routes": "Print what each operation of a contract does.",
    "serve": "Start a sandbox.",
    "token": "Make a bearer token of a user.",
}
EPILOG = """\b
Examples:
  mockserver serve
  mockserver token consumer --lifetime 1h
  mockserver lint ./my-contract
"""


class Commands(click.Group):
    """Knows its commands by name, and their modules when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = f"{name}_" if iskeyword(name) else name
        command: click.Command = import_module(f"mockserver.commands.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mockserver", message="mockserver %(version)s")
def main() -> None:
    """A stateful stand-in for OpenMetadata, or for any API that a contract describes."""
