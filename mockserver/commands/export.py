"""`mockserver export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockserver.commands.places import place_of, place_options, require
from mockserver.commands.sharing import ByVariables, CannotRun

FOUND = 200
BEGINNING = b'{"format":"mockserver-state"'
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
        document = require(FOUND, *place.ask("GET", "/__mock__/state", world))
    finally:
        place.close()
    if not document.startswith(BEGINNING):
        raise CannotRun("answered with what is no state of a world; see where --url leads")
    try:
        if output is None:
            click.echo(document)
        else:
            put(output, document + b"\n")
    except BrokenPipeError:
        raise
    except OSError as error:
        target = "stdout" if output is None else f"--output {output}"
        raise CannotRun(f"{target}: {error.strerror or error}") from error


def put(path: Path, content: bytes) -> None:
    """Puts a file in place of the one that is there, at once or not at all; a pipe and the like are written to."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    from mockserver.http.files import write_at_once

    final = path.resolve()
    write_at_once(final, content, mode=final.stat().st_mode & 0o777 if final.exists() else 0o666)
