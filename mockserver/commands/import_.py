"""`mockserver import`."""

from __future__ import annotations

from typing import IO, Any

import click
import orjson

from mockserver.commands.places import REFUSED, place_of, place_options, require
from mockserver.commands.sharing import ByVariables

DONE, CREATED = 204, 201
MISSING = (404, 410)
EPILOG = """\b
Examples:
  mockserver import world.json --store postgresql://postgres@localhost/worlds
  mockserver export --url http://localhost:8585 | mockserver import - --store sqlite:///worlds.db
"""


@click.command("import", cls=ByVariables, epilog=EPILOG, short_help="Read a world from a file.")
@click.argument("file", type=click.File("rb"))
@place_options
def command(file: IO[bytes], world: str, **where: Any) -> None:
    """Make a world what FILE says, which `mockserver export` wrote; one that is not there is created.

    The document is checked as a whole first; nothing is changed when something is wrong in it.
    """
    place = place_of(**where, make=True)
    try:
        document = file.read()
        status, answer = place.ask("PUT", "/__mock__/state", world, document)
        if status in MISSING:
            require(CREATED, *place.ask("POST", "/__mock__/worlds", "default", orjson.dumps({"name": world})))
            status, answer = place.ask("PUT", "/__mock__/state", world, document)
            if status >= REFUSED:
                # Nobody asked for a world of the fixtures.
                place.ask("DELETE", f"/__mock__/worlds/{world}", "default")
        require(DONE, status, answer)
    finally:
        place.close()
