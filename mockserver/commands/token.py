"""`mockserver token`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mockserver.commands.sharing import ByVariables, CannotRun, fixtures_option, key_option, profile_option, refuse

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
EPILOG = """\b
Examples:
  mockserver token admin
  mockserver token consumer --lifetime 1h
  mockserver token guest --expired
"""


def seconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """A span of time such as `90s`, `1h` or `1h30m`, in seconds."""
    if value is None:
        return None
    if not re.fullmatch(r"(\d{1,6}[smhd])+", value):
        raise click.BadParameter(f"{value!r} is no span of time; write it as 90s, 30m, 1h, 7d or 1h30m")
    return float(sum(int(amount) * UNIT_SECONDS[unit] for amount, unit in re.findall(r"(\d+)([smhd])", value)))


@click.command("token", cls=ByVariables, epilog=EPILOG, short_help="Make a bearer token of a user.")
@click.argument("user")
@click.option(
    "--lifetime", metavar="TIME", callback=seconds, help="How long it is good, such as 1h; for ever without this."
)
@click.option("--expired", is_flag=True, help="One whose time is over.")
@click.option("--world", metavar="NAME", help="The world that it leads to by itself.")
@click.option("--contract", default="openmetadata", show_default=True, help="Whose users are meant.")
@fixtures_option
@profile_option
@key_option
def command(
    user: str,
    lifetime: float | None,
    expired: bool,
    world: str | None,
    contract: str,
    fixtures: str | None,
    profile: str | None,
    key_file: Path | None,
) -> None:
    """Print a token of USER, good at every sandbox that you run on this machine.

    A user who is not in the fixtures gets one too: it is good once such a user has been created.
    """
    from mockserver.contract.problem import ContractError
    from mockserver.http.keys import UnusableKey, read_key
    from mockserver.http.sandbox import UnknownUser, open_sandbox
    from mockserver.world.registry import NAME

    if expired and lifetime is not None:
        raise CannotRun("--expired and --lifetime exclude each other")
    if world is not None and not NAME.fullmatch(world):
        raise CannotRun(f"--world {world!r} names no world; a name has letters, digits, '.', '_' and '-', 64 at most")
    try:
        key = None if key_file is None else read_key(key_file)
        sandbox = open_sandbox(contract, fixtures=fixtures, profile=profile, key=key)
    except UnusableKey as error:
        raise CannotRun(str(error)) from error
    except ContractError as error:
        refuse(error)
    try:
        token = sandbox.token(user, lifetime=lifetime, expired=expired, world=world)
    except UnknownUser as unknown:
        click.echo(f"note: {unknown}; the token is good once there is such a user", err=True)
        token = sandbox.token_of({"name": user}, lifetime=lifetime, expired=expired, world=world)
    click.echo(token)
