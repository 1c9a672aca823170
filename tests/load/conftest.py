"""One server for all tests that need no special one; they run one after another, or each would be the other's load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.load.caller import TABLE, Caller, calling
from tests.load.crowd import permit_many_files
from tests.load.process import Server, serving
from tests.support.live import Line

FILES = 12_000
BODY_LIMIT = 256 * 1024
# What comes whole is answered without ASGI, unless that is switched off.
WAYS = [pytest.param((), id="direct"), pytest.param(("--plain-asgi",), id="plain-asgi")]
TABLES = 100
COLUMNS = [{"name": "id", "dataType": "BIGINT"}]
DESCRIPTION = "filled " * 1000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("load"))


@pytest.fixture(scope="session", params=WAYS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--body-limit", str(BODY_LIMIT), *request.param)
    with serving(tmp_path_factory.mktemp("load"), *options) as server:
        fill(server)
        yield server


def fill(server: Server) -> None:
    """Tables enough for an answer that fills every buffer on its way."""
    schema = seeded_schema(server)
    with Line(server.url) as line:
        for number in range(TABLES):
            table = {
                "name": f"filler-{number}",
                "databaseSchema": schema,
                "columns": COLUMNS,
                "description": DESCRIPTION,
            }
            body = orjson.dumps(table)
            line.say("POST /api/v1/tables HTTP/1.1", server.authorization, f"Content-Length: {len(body)}", body=body)
            assert line.hear().status == 201


def seeded_schema(server: Server) -> str:
    with Line(server.url) as line:
        line.say(f"GET {TABLE} HTTP/1.1", server.authorization)
        return str(orjson.loads(line.hear().body)["databaseSchema"]["fullyQualifiedName"])


@pytest.fixture
def caller(server: Server) -> Iterator[Caller]:
    with calling(server.port, server.tokens["admin"]) as caller:
        yield caller


@pytest.fixture
def many_files() -> None:
    permit_many_files(FILES)
