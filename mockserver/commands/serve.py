"""`mockserver serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockserver.commands.sharing import (
    ByVariables,
    CannotRun,
    contract_argument,
    fixtures_option,
    key_option,
    profile_option,
    refuse,
)

AT_LEAST_ONE = click.IntRange(1)
LARGEST_SEED = 2**53 - 1
LONGEST_DRAIN = 3600
BODY_LIMIT = 1024 * 1024
RECEIVE_SECONDS = 30
CONNECTIONS = 16_000
EPILOG = """\b
Examples:
  mockserver serve
  mockserver serve --profile server-2.0 --fixtures large
  mockserver serve --port 0 --ready-file ready.json
  mockserver serve ./my-contract --reload
  mockserver serve --host 0.0.0.0 --control-token "$SECRET"

Exit status: 0 after Ctrl-C or SIGTERM, 2 when it could not be started. A second signal ends it at once.
"""


@click.command("serve", cls=ByVariables, epilog=EPILOG, short_help="Start a sandbox.")
@contract_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8585, metavar="PORT", show_default=True, help="0 takes a free one."
)
@fixtures_option
@profile_option
@click.option(
    "--seed",
    type=click.IntRange(0, LARGEST_SEED),
    default=0,
    metavar="N",
    show_default=True,
    help="For ids and chance.",
)
@key_option
@click.option("--reload", is_flag=True, help="Start over when a file of the contract or the fixtures changes.")
@click.option("--no-auth", is_flag=True, help="Ask nobody for a token: everybody is the admin.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Write URL, tokens and pid here once it answers.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="One line a request; else only in a terminal.")
@click.option(
    "--body-limit", type=click.IntRange(1), default=BODY_LIMIT, metavar="BYTES", show_default=True, help="For bodies."
)
@click.option("--metrics", is_flag=True, help="Answer /metrics for Prometheus.")
@click.option(
    "--drain",
    type=click.FloatRange(0, LONGEST_DRAIN),
    default=0,
    metavar="SECONDS",
    show_default=True,
    help="Go on for so long after SIGTERM, not ready any more.",
)
@click.option(
    "--receive-timeout",
    type=click.IntRange(1),
    default=RECEIVE_SECONDS,
    metavar="SECONDS",
    show_default=True,
    help="For a request to arrive.",
)
@click.option(
    "--max-connections",
    type=click.IntRange(1),
    default=CONNECTIONS,
    metavar="N",
    show_default=True,
    help="Open at once.",
)
@click.option("--allowed-host", multiple=True, metavar="NAME", help="Answer to this name too. Repeatable.")
@click.option(
    "--deliver-to", multiple=True, metavar="HOST", help="Send webhooks there too, beside this machine. Repeatable."
)
@click.option(
    "--store",
    default="memory",
    metavar="URL",
    show_default=True,
    help="Keep worlds at sqlite:///FILE or postgresql://….",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, metavar="N", show_default=True, help="Processes, on one store."
)
@click.option("--max-worlds", type=AT_LEAST_ONE, default=1000, metavar="N", show_default=True, help="Worlds to keep.")
@click.option(
    "--max-records", type=AT_LEAST_ONE, default=1_000_000, metavar="N", show_default=True, help="Records in a world."
)
@click.option(
    "--journal-size",
    type=AT_LEAST_ONE,
    default=1000,
    metavar="N",
    show_default=True,
    help="Requests to keep a world.",
)
@click.option("--control-token", metavar="TOKEN", help="What the control plane asks for.")
@click.option("--no-control", is_flag=True, help="Have no control plane.")
@click.option("--plain-asgi", is_flag=True, help="Answer through ASGI alone, without the short way.")
def command(
    allowed_host: tuple[str, ...],
    deliver_to: tuple[str, ...],
    control_token: str | None,
    no_auth: bool,
    no_control: bool,
    max_worlds: int,
    max_records: int,
    journal_size: int,
    **options: Any,
) -> None:
    """Serve CONTRACT until stopped: a bundled name, a folder or a file."""
    from mockserver.seeding.undisturbed import undisturbed

    with undisturbed():
        from mockserver.contract.problem import ContractError
        from mockserver.http.hosts import can_be_allowed
        from mockserver.http.keys import UnusableKey
        from mockserver.http.listening import CannotServe
        from mockserver.http.options import Options
        from mockserver.http.serve import serve
        from mockserver.world.registry import Limits

    for option, names in (("--allowed-host", allowed_host), ("--deliver-to", deliver_to)):
        for name in names:
            if not can_be_allowed(name):
                raise CannotRun(f"{option} {name!r} is no host name; write example.org, .example.org or *")
    if control_token == "":
        raise CannotRun("--control-token is empty, and would protect nothing")
    asked = Options(
        **options,
        allowed_hosts=allowed_host,
        deliver_to=deliver_to,
        control_token=control_token,
        control=not no_control,
        auth=not no_auth,
        limits=Limits(max_worlds, max_records, journal_size),
    )
    try:
        serve(asked)
    except (CannotServe, UnusableKey) as error:
        raise CannotRun(str(error)) from error
    except ContractError as error:
        refuse(error)
