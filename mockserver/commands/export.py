"""`mockserver export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockserver.commands.places import place_of, place_options, require
from mockserver.commands.sharing import ByVariables, CannotRun

EPILOG = """\b
Examples:
  mockserver export --url http://localhost:8585 --output world.json
  mockserver export --store sqlite:///worlds.db --world mine > mine.json
"""


@click.command("export", cls=ByVariables, epilog=EPILOG, short_help="Write a world to a file.")
@place_options
@click.option("--output", type=click.Path(path_type=Path), help="The file to write; without it, to stdout.")
def command(world: str, output: Path | None, **where: Any) -> None:
    """Write a world as one JSON document, which `mockserver import` takes anywhere else."""
    place = place_of(**where, make=False)
    try:
        document = require(*place.ask("GET", "/__mock__/state", world))
    finally:
        place.close()
    if output is None:
        click.echo(document)
        return
    try:
        output.write_bytes(document + b"\n")
    except OSError as error:
        raise CannotRun(f"--output {output}: {error.strerror or error}") from error
