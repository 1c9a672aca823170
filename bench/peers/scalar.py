"""Scalar's mock server: serves our expanded contract, with the recorded answers as its examples."""

from __future__ import annotations

from pathlib import Path

from bench.peers.document import write_document
from bench.peers.install import node, npm
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

VERSION = "0.14.4"
# It is a library; its documentation starts it like this.
PROGRAM = """\
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { createMockServer } from '@scalar/mock-server';

const [file, port] = process.argv.slice(2);
const app = await createMockServer({ document: JSON.parse(readFileSync(file, 'utf8')), logger: false });
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) });
"""


def install(home: Path) -> None:
    npm(home, {"@scalar/mock-server": VERSION, "@hono/node-server": "1.19.19"})


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    document = write_document(folder / "openapi.json", recording)
    program = home / "serve.mjs"
    program.write_text(PROGRAM)
    return Started([node(home), str(program), str(document), str(port)])


SCALAR = Peer(
    key="scalar",
    name="Scalar mock server",
    version=VERSION,
    traits=Traits("requests", "a token is there", "only by handlers written for it", "no"),
    answers="our contract, with the recorded answers as examples",
    install=install,
    start=start,
)
