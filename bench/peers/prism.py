"""Prism CLI: serves our expanded contract, with the recorded answers as its examples."""

from __future__ import annotations

from pathlib import Path

from bench.peers.document import write_document
from bench.peers.install import node, npm
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

VERSION = "5.16.0"


def install(home: Path) -> None:
    npm(home, {"@stoplight/prism-cli": VERSION})


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    program = home / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    document = write_document(folder / "openapi.json", recording)
    options = ["--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "error"]
    return Started([node(home), str(program), "mock", *options, str(document)])


PRISM = Peer(
    key="prism",
    name="Prism CLI",
    version=VERSION,
    traits=Traits("requests", "a token is there", "no", "no"),
    answers="our contract, with the recorded answers as examples",
    install=install,
    start=start,
)
