"""Specmatic: serves our expanded contract, with the recorded answers as its expectations."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bench.cases import ADMIN, JSON_PATCH, Case, Request, bearer, messages
from bench.peers.document import Operation, document, operations
from bench.peers.install import npm, tool
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

Json = Any
VERSION = "2.55.1"


def install(home: Path) -> None:
    tool("java")
    # Maven Central has no jar of this release; the npm package of the same version carries it.
    npm(home, {"specmatic": VERSION})


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    contract = folder / "openapi.json"
    contract.write_text(json.dumps(_contract(recording)))
    examples = folder / "examples"
    examples.mkdir()
    for at, operation in enumerate(operations(recording)):
        (examples / f"{at}.json").write_text(json.dumps(_expectation(operation)))
    jar = home / "node_modules" / "specmatic" / "specmatic.jar"
    options = ["--host", "127.0.0.1", "--port", str(port), "--examples", str(examples), "--hot-reload", "disabled"]
    return Started([tool("java"), "-jar", str(jar), "mock", str(contract), *options, "--noConsoleLog"])


def _contract(recording: Recording) -> Json:
    """Without the choice between kinds of JSON Patch operations, which it cannot tell apart."""
    plain = document(recording)
    plain["components"]["schemas"]["JsonPatch"] = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["op", "path", "value"],
            "properties": {name: {"type": "string"} for name in ("op", "path", "value")},
        },
    }
    for each in operations(recording):
        plain["paths"][each.path][each.method.lower()]["responses"]["200"]["content"]["application/json"].pop("example")
    return plain


def _expectation(operation: Operation) -> Json:
    asked = operation.exchange.request
    request: Json = {"method": asked.method, "path": re.sub(r"\{[^}]+\}", "(uuid)", operation.path)}
    if query := parse_qs(asked.path.partition("?")[2]):
        request["query"] = {name: value.split(",") if "," in value else value for name, [value] in query.items()}
    if asked.method == "PUT":
        request["body"] = "(uuid)"
    if asked.content_type == JSON_PATCH:
        request["headers"] = {"Content-Type": JSON_PATCH}
        request["body"] = [{"op": "add", "path": "/description", "value": "(string)"}]
    return {"http-request": request, "http-response": {"status": 200, "body": json.loads(operation.exchange.body)}}


def requests(case: Case, recording: Recording) -> list[list[str]]:
    """Lists in a query are repeated names, and a text as a body goes without its quotes."""
    own = tuple(_own(request) for request in case.requests)
    return messages(Case(case.name, own), recording.tables, bearer(recording.token))


def _own(request: Request) -> Request:
    path = request.path.replace(",", "&fields=")
    return Request(request.method, path, request.body.replace(f'"{ADMIN}"', ADMIN), request.content_type)


SPECMATIC = Peer(
    key="specmatic",
    name="Specmatic",
    version=VERSION,
    traits=Traits("requests", "a token is there", "no", "no"),
    answers="our contract, with the recorded answers as expectations",
    install=install,
    start=start,
    requests=requests,
)
