"""json-server: keeps the recorded tables in its own file, and is asked in its own way."""

from __future__ import annotations

import json
from pathlib import Path

from bench.cases import (
    ADMIN,
    COUNTER,
    GET_FRESH,
    GET_TABLE,
    GET_TABLES,
    GET_VERSIONS,
    PATCH_SAME,
    PATCH_TABLE,
    PUT_DELETE,
    PUT_SAME,
    TABLE,
    TEAM,
    Case,
    Request,
    messages,
)
from bench.peers.install import node, npm
from bench.peers.peer import Peer, Started, Traits
from bench.recorded import Recording

VERSION = "0.17.4"
PATCH = Request("PATCH", "/api/v1/tables/{table}", f'{{"description": "Measured {COUNTER}."}}')
# It answers what is stored under a path, so that followers are records of their own.
OWN = {
    GET_TABLES.name: (Request("GET", "/api/v1/tables?_limit=50"),),
    PUT_SAME.name: (Request("PUT", f"/api/v1/followers/{ADMIN}", f'{{"id": "{ADMIN}", "table": "{TABLE}"}}'),),
    PUT_DELETE.name: (
        Request("POST", "/api/v1/followers", '{"id": "{table}", "user": "' + ADMIN + '"}'),
        Request("DELETE", "/api/v1/followers/{table}"),
    ),
    PATCH_SAME.name: (PATCH.again(),),
    PATCH_TABLE.name: (PATCH,),
    GET_FRESH.name: (*GET_TABLE.requests, PATCH),
}


def install(home: Path) -> None:
    npm(home, {"json-server": VERSION})


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    bodies = {each.request: json.loads(each.body) for each in recording.exchanges}
    [table], [page], [versions] = (case.requests for case in (GET_TABLE, GET_TABLES, GET_VERSIONS))
    tables = {each["id"]: each for each in [*bodies[page]["data"], bodies[table]]}
    for name in recording.tables:
        tables.setdefault(name, {**bodies[table], "id": name})
    data = {
        "tables": list(tables.values()),
        "versions": [{"id": TEAM, **bodies[versions]}],
        "followers": [{"id": ADMIN, "table": TABLE}],
    }
    (folder / "db.json").write_text(json.dumps(data))
    (folder / "routes.json").write_text(json.dumps({"/api/v1/teams/:id/versions": "/versions/:id", "/api/v1/*": "/$1"}))
    program = home / "node_modules" / "json-server" / "lib" / "cli" / "bin.js"
    options = ["--host", "127.0.0.1", "--port", str(port), "--routes", "routes.json", "--quiet"]
    return Started([node(home), str(program), *options, "db.json"])


def requests(case: Case, recording: Recording) -> list[list[str]]:
    return messages(Case(case.name, OWN.get(case.name, case.requests)), recording.tables, "")


JSON_SERVER = Peer(
    key="json-server",
    name="json-server",
    version=VERSION,
    traits=Traits("no", "no", "yes, in a file", "no"),
    answers="the recorded tables as its records; followers are records, and changes are sent, in its own way",
    install=install,
    start=start,
    requests=requests,
)
