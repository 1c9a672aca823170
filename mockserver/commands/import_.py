"""`mockserver import`."""

from __future__ import annotations

from typing import IO, Any

import click
import orjson

from mockserver.commands.places import Place, place_of, place_options, require
from mockserver.commands.sharing import ByVariables

STATE, WORLDS, DEFAULT = "/__mock__/state", "/__mock__/worlds", "default"
DONE, CREATED = 204, 201
# It is taken away when all is done; this is for who ends in the middle.
TAKER_SECONDS = 600
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
        status, answer = place.ask("PUT", STATE, world, document)
        if status in MISSING:
            create(place, world, document)
        else:
            require(DONE, status, answer)
    finally:
        place.close()


def create(place: Place, world: str, document: bytes) -> None:
    """Makes a world of a document: of another one that took it, so that nobody ever sees it as anything else."""

    def made(**wanted: Any) -> Any:
        return orjson.loads(require(CREATED, *place.ask("POST", WORLDS, DEFAULT, orjson.dumps(wanted))))

    taker = made(ttl=TAKER_SECONDS)["name"]
    try:
        require(DONE, *place.ask("PUT", STATE, taker, document))
        made(name=world, **{"from": {"world": taker}})
    finally:
        place.ask("DELETE", f"{WORLDS}/{taker}", DEFAULT)
