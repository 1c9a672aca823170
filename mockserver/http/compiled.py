"""Loaded contracts and seeded roots, kept between starts by what they were made of and under the user's seal."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from collections.abc import Iterator
from itertools import chain, starmap
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from mockserver.bundled import FILES, contract_root, home
from mockserver.contract.model import Contract
from mockserver.contract.operations import Mark
from mockserver.contract.reading import read_contract
from mockserver.contract.unread import Unread, folded
from mockserver.http.files import write_at_once
from mockserver.http.keys import state_folder
from mockserver.seeding.seeds import Seeds
from mockserver.world.clock import Clock
from mockserver.world.transfer import export_state, import_state

Json = Any
logger = logging.getLogger("mockserver.compiled")

FOLDER = "compiled"
MOST_KEPT = 8
MOST_NEIGHBOURS = 100


class Request(NamedTuple):
    """What somebody wants opened."""

    contract: str | Path
    profile: str | None
    fixtures: str | Path | None
    seed: int


class Compiled:
    """The kept entries; one that is damaged, foreign or of other inputs is not taken, and is made anew."""

    def __init__(self, seal_key: bytes, folder: Path | None = None) -> None:
        self._key = seal_key
        self._folder = folder or state_folder() / FOLDER

    def load(self, request: Request) -> tuple[Contract, Seeds] | None:
        """What was kept for the very same inputs, if it is sound."""
        name = self._name(request)
        if name is None:
            return None
        try:
            entry = (self._folder / name).read_bytes()
        except OSError:
            return None
        seal, whole = entry.find(b"\n"), memoryview(entry)
        if not hmac.compare_digest(whole[: max(seal, 0)], self._seal(name, whole[seal + 1 :])):
            logger.warning("%s is damaged or not ours: it is made anew", self._folder / name)
            return None
        end = entry.index(b"\n", seal + 1)
        kept = orjson.loads(whole[seal + 1 : end])
        begin = end + 1 + kept["state"]
        # The document is read when it is asked for, and does not hold the state's text meanwhile.
        document = Unread(kept["outline"], memoryview(bytes(whole[begin:])))
        marks = starmap(Mark, kept["operations"])
        contract = read_contract(kept["name"], document, kept["profile"], marks)
        root = import_state(orjson.loads(whole[end + 1 : begin]), {}, trusted=True)
        if kept["start"] is not None:
            root = root.with_clock(Clock(frozen=kept["start"]).resume())
        return contract, Seeds(root, tuple(kept["marked"]), kept["fixtures"])

    def keep(self, request: Request, contract: Contract, seeds: Seeds) -> None:
        """Keeps what was opened; a place that cannot be written to is no error."""
        name = self._name(request)
        if name is None:
            return
        clock = seeds.root.clock
        outline, document = folded(contract.parts)
        state = orjson.dumps(export_state(seeds.root.with_clock(Clock())))
        head = {
            "name": contract.name,
            "profile": contract.profile,
            "outline": outline,
            "operations": [*map(tuple, contract.operations.marks)],
            "state": len(state),
            "start": clock.now() if clock != Clock() else None,
            "marked": seeds.marked,
            "fixtures": seeds.name,
        }
        body = b"".join((orjson.dumps(head), b"\n", state, document))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_at_once(self._folder / name, self._seal(name, body) + b"\n" + body, lasting=False)
            self._prune()
        except OSError as error:
            logger.debug("nothing is kept in %s: %s", self._folder, error)

    def _name(self, request: Request) -> str | None:
        """The entry's name, made of everything that the result follows from; None for what is always read anew."""
        source = contract_root(request.contract)[1]
        fixtures = [] if request.fixtures is None or not _is_file(request.fixtures) else _neighbours(request.fixtures)
        if not source.is_dir() or _is_file(request.profile) or fixtures is None:
            return None
        digest = hashlib.sha256()
        options = (str(request.contract), request.profile, str(request.fixtures), request.seed)
        digest.update(orjson.dumps([*options, *_code()]))
        places = (source, *(place for place in (home("fixtures"),) if place.is_dir()))
        for name, content in chain(*map(_contents, places), fixtures):
            digest.update(f"\0{name}\0{len(content)}\0".encode())
            digest.update(content)
        return f"{digest.hexdigest()[:40]}.json"

    def _seal(self, name: str, body: bytes | memoryview) -> bytes:
        seal = hmac.new(self._key, b"mockserver compiled 2\n" + name.encode() + b"\n", "sha256")
        seal.update(body)
        return seal.hexdigest().encode()

    def _prune(self) -> None:
        kept = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for old in kept[MOST_KEPT:]:
            old.unlink(missing_ok=True)


def _is_file(choice: str | Path | None) -> bool:
    return isinstance(choice, Path) or (choice is not None and ("/" in choice or choice.endswith(FILES)))


def _neighbours(fixtures: str | Path) -> list[tuple[str, bytes]] | None:
    """The file of a set, and those beside it, which it may extend; None where they are too many, or not to be read."""
    file = Path(fixtures).resolve()
    files = sorted({file, *file.parent.glob("*.yaml")})
    if len(files) > MOST_NEIGHBOURS:
        return None
    try:
        return [(each.name, each.read_bytes()) for each in files]
    except OSError:
        return None


def _code() -> list[tuple[str, int, int]]:
    """What our own code is: other code may make other worlds of the same files."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = []
    for file in _files(package, (".py", ".yaml")):
        status = os.stat(file)
        found.append((file, status.st_size, status.st_mtime_ns))
    return found


def _contents(place: Path) -> Iterator[tuple[str, bytes]]:
    """The YAML and JSON files below a folder, in order of their names."""
    root = os.fspath(place)
    for file in _files(root, FILES):
        with open(file, "rb", buffering=0) as opened:
            yield file[len(root) + 1 :].replace(os.sep, "/"), opened.read()


def _files(folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    """All files below a folder whose names end so, in order of their names."""
    with os.scandir(folder) as found:
        children = sorted(found, key=lambda child: child.name)
    for child in children:
        if child.is_dir():
            yield from _files(child.path, endings)
        elif child.name.endswith(endings):
            yield child.path
