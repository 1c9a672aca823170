"""Mockoon CLI: serves the recorded answers from a file of its own kind, to whoever has a token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.cases import JSON
from bench.peers.document import Operation, operations
from bench.peers.install import node, npm
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

Json = Any
VERSION = "9.9.0"
# The version of its file format that this one writes.
MIGRATION = 33
# As many as our journal keeps.
KEPT = 1000


def install(home: Path) -> None:
    npm(home, {"@mockoon/cli": VERSION})


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    program = home / "node_modules" / "@mockoon" / "cli" / "bin" / "run.js"
    file = folder / "environment.json"
    file.write_text(json.dumps(environment(recording, port)))
    options = ["--port", str(port), "--hostname", "127.0.0.1", "--max-transaction-logs", str(KEPT)]
    return Started([node(home), str(program), "start", "--data", str(file), "--disable-log-to-file", *options])


def environment(recording: Recording, port: int) -> Json:
    routes = [_route(each) for each in operations(recording)]
    return {
        "uuid": "environment",
        "lastMigration": MIGRATION,
        "name": "Measured",
        "port": port,
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
    }


def _route(operation: Operation) -> Json:
    return {
        "uuid": f"{operation.method} {operation.path}",
        "type": "http",
        "method": operation.method.lower(),
        "endpoint": operation.path.lstrip("/").replace("{", ":").replace("}", ""),
        "responses": [
            _response("answer", 200, operation.exchange.body.decode(), [_has_token()]),
            _response("refusal", 401, "{}", []),
        ],
    }


def _has_token() -> Json:
    return {"target": "header", "modifier": "Authorization", "value": "^Bearer .+", "operator": "regex"}


def _response(name: str, status: int, body: str, rules: list[Json]) -> Json:
    return {
        "uuid": name,
        "statusCode": status,
        "body": body,
        "headers": [{"key": "Content-Type", "value": JSON}],
        "bodyType": "INLINE",
        "rules": rules,
        "rulesOperator": "AND",
        "disableTemplating": True,
        "default": not rules,
    }


MOCKOON = Peer(
    key="mockoon",
    name="Mockoon CLI",
    version=VERSION,
    traits=Traits("no", "a token is there, by a rule", "no (data buckets only)", f"the last {KEPT:,}"),
    answers="recorded answers as static responses",
    install=install,
    start=start,
)
