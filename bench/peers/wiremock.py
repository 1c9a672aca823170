"""WireMock: the recorded answers as stubs, which ask for a token and for a body of the right shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.cases import JSON
from bench.peers.document import Operation, operations, pattern
from bench.peers.install import maven, tool
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

Json = Any
VERSION = "3.13.2"
# As many as our journal keeps.
KEPT = 1000
BODIES: dict[str, Json] = {
    "PUT": {"type": "string", "format": "uuid"},
    "PATCH": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["op", "path"],
            "properties": {"op": {"enum": ["add", "replace", "remove", "move", "copy", "test"]}},
        },
    },
}


def install(home: Path) -> None:
    tool("java")
    maven(home, "org.wiremock", "wiremock-standalone", VERSION)


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    mappings = folder / "mappings"
    mappings.mkdir()
    stubs = [_stub(each) for each in operations(recording)]
    (mappings / "stubs.json").write_text(json.dumps({"mappings": stubs}))
    options = ["--root-dir", str(folder), "--port", str(port), "--bind-address", "127.0.0.1", "--disable-banner"]
    options += ["--disable-request-logging", "--max-request-journal-entries", str(KEPT)]
    return Started([tool("java"), "-jar", str(home / "wiremock-standalone.jar"), *options])


def _stub(operation: Operation) -> Json:
    request: Json = {
        "method": operation.method,
        "urlPathPattern": pattern(operation.path),
        "headers": {"Authorization": {"matches": "Bearer .+"}},
    }
    if schema := BODIES.get(operation.method):
        request["bodyPatterns"] = [{"matchesJsonSchema": schema}]
    body = operation.exchange.body.decode()
    return {"request": request, "response": {"status": 200, "body": body, "headers": {"Content-Type": JSON}}}


WIREMOCK = Peer(
    key="wiremock",
    name="WireMock",
    version=VERSION,
    traits=Traits("bodies, by a schema in the stub", "a token is there, by a matcher", "no", f"the last {KEPT:,}"),
    answers="recorded answers as stubs",
    install=install,
    start=start,
)
