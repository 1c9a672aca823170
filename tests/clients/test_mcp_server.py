"""The real `mcp-server-openmetadata`, from the package index, works in the sandbox on behalf of an assistant."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.clients import facts
from tests.clients.mcp import Tools, tools_of
from tests.clients.sandbox import Sandbox, both_profiles
from tests.clients.workflows import ask, journal
from tests.support.contains import assert_contains

pytestmark = [pytest.mark.xdist_group("programs"), both_profiles]
Json = Any
GROUPS = ["table", "database", "databaseschema", "dashboard", "chart", "pipeline", "topic", "metrics", "container"]
GROUPS += [
    "report",
    "mlmodel",
    "user",
    "team",
    "classification",
    "glossary",
    "tag",
    "bot",
    "services",
    "event",
    "lineage",
]
GROUPS += ["usage", "search", "test_case", "test_suite", "policy", "role", "domain"]
SERVED = 186
TABLE = "shop.main.public.orders"
COLUMNS = [{"name": "id", "dataType": "BIGINT"}]
LINK = f"<#E::table::{TABLE}>"
# What the program asks for and the product has not: a PUT of one record, `id/` before an id, and paths that are gone.
MISTAKEN: dict[str, tuple[int, Json]] = {
    "update_team": (405, {"team_id": facts.TEAM, "team_data": {"name": "Accounting"}}),
    "update_user": (405, {"user_id": facts.ADMIN, "user_data": {"name": "admin"}}),
    "update_domain": (405, {"domain_id": facts.UNKNOWN, "domain_data": {"name": "North"}}),
    "get_event_subscription": (404, {"subscription_id": facts.UNKNOWN}),
    "add_usage_data": (404, {"usage_data": {"date": "2026-01-01", "count": 1}}),
    "get_entity_usage_summary": (404, {"entity_type": "table"}),
    "validate_policy": (404, {"policy_data": {"condition": "isOwner()"}}),
    "test_service_connection": (404, {"connection_data": {}}),
}


def started(program: Path, sandbox: Sandbox, log: Path, user: str = "admin") -> AbstractContextManager[Tools]:
    """The program as its manual starts it, with all that it can do, on behalf of a user."""
    groups = [word for group in GROUPS for word in ("--apis", group)]
    settings = {"OPENMETADATA_HOST": sandbox.url, "OPENMETADATA_JWT_TOKEN": sandbox.tokens[user]}
    return tools_of([program, *groups], log, settings)


@pytest.fixture(scope="module")
def running(mcp_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Sandbox], Tools]]:
    """The program on behalf of the administrator: it takes seconds to start, and keeps nothing between calls."""
    by_profile: dict[str, Tools] = {}
    with ExitStack() as stack:

        def running(sandbox: Sandbox) -> Tools:
            if sandbox.profile not in by_profile:
                log = tmp_path_factory.mktemp("mcp") / "log.txt"
                by_profile[sandbox.profile] = stack.enter_context(started(mcp_server, sandbox, log))
            return by_profile[sandbox.profile]

        yield running


@pytest.fixture
def tools(running: Callable[[Sandbox], Tools], sandbox: Sandbox) -> Tools:
    """What the program can do, in a sandbox at its seeds."""
    return running(sandbox)


def told(tools: Tools, tool: str, **arguments: Json) -> Json:
    """What a tool found or made, which it writes as Python does."""
    answer = tools.call(tool, **arguments)
    assert not answer.failed, f"{tool}: {answer.text}"
    return ast.literal_eval(answer.text)


def refused(tools: Tools, tool: str, **arguments: Json) -> str:
    """What a tool says that must not succeed."""
    answer = tools.call(tool, **arguments)
    assert answer.failed, f"{tool}: {answer.text}"
    return answer.text


def make_table(tools: Tools, name: str = "orders") -> Json:
    return told(
        tools, "create_table", table_data={"name": name, "databaseSchema": "shop.main.public", "columns": COLUMNS}
    )


@pytest.fixture
def shop(tools: Tools) -> Json:
    """The table that the program made, with its service, database and schema."""
    told(tools, "create_database_service", service_data={"name": "shop", "serviceType": "Mysql"})
    told(tools, "create_database", database_data={"name": "main", "service": "shop"})
    told(tools, "create_schema", schema_data={"name": "public", "database": "shop.main"})
    return make_table(tools)


def test_whatever_it_can_list_is_there(tools: Tools, sandbox: Sandbox) -> None:
    assert len(tools.names) == SERVED
    listing = [name for name in tools.names if name.startswith("list_") and name != "list_test_case_results"]

    found = {name: told(tools, name)["data"] for name in listing}

    assert [name for name, records in found.items() if not records and name != "list_events"] == []
    assert told(tools, "get_test_suite_execution_summary")["total"] == 0
    assert {call["status"] for call in journal(sandbox)} == {200}


def test_a_table_is_made_described_found_and_deleted(tools: Tools, sandbox: Sandbox, shop: Json) -> None:
    described = {"op": "add", "path": "/description", "value": "Every order."}
    assert told(tools, "update_table", table_id=shop["id"], operations=[described])["version"] == 0.2
    assert_contains(
        ask(sandbox, f"/v1/tables/name/{TABLE}?fields=columns"),
        {"id": shop["id"], "description": "Every order.", "updatedBy": "admin", "columns": COLUMNS},
    )
    hits = told(tools, "search_entities", q="orders", index="table_search_index")["hits"]["hits"]
    assert shop["id"] in [hit["_id"] for hit in hits]
    assert told(tools, "get_table_by_name", fqn=TABLE, fields="owners,tags")["ui_url"] == f"{sandbox.url}/table/{TABLE}"

    assert tools.call("delete_table", table_id=shop["id"]).text == f"Table {shop['id']} deleted successfully"

    assert "HTTP 404" in refused(tools, "get_table", table_id=shop["id"])
    assert ask(sandbox, f"/v1/tables/{shop['id']}?include=deleted")["deleted"] is True


def test_what_a_table_is_made_of_is_told(tools: Tools, sandbox: Sandbox, shop: Json) -> None:
    source = make_table(tools, "imports")
    edge = {"fromEntity": {"id": source["id"], "type": "table"}, "toEntity": {"id": shop["id"], "type": "table"}}
    told(tools, "add_lineage", lineage_data={"edge": edge})

    for graph in (
        told(tools, "get_lineage", entity_id=shop["id"]),
        told(tools, "get_lineage_by_name", entity_fqn=TABLE),
        ask(sandbox, f"/v1/lineage/table/{shop['id']}"),
    ):
        assert [node["name"] for node in graph["nodes"]] == ["imports"]
        assert_contains(graph["upstreamEdges"], [{"fromEntity": source["id"], "toEntity": shop["id"]}])


def test_a_table_is_tested(tools: Tools, sandbox: Sandbox, shop: Json) -> None:
    suite = {"name": f"{TABLE}.testSuite", "basicEntityReference": TABLE}
    case = {"name": "some_rows", "entityLink": LINK, "testDefinition": "tableRowCountToBeBetween"}
    least = [{"name": "minValue", "value": "1"}]
    told(tools, "create_basic_test_suite", test_suite_data=suite)
    told(tools, "create_test_case", test_case_data={**case, "parameterValues": least})

    assert told(tools, "list_test_case_results", fqn=f"{TABLE}.some_rows")["data"] == []
    assert_contains(
        ask(sandbox, f"/v1/dataQuality/testCases/name/{TABLE}.some_rows?fields=testSuite"),
        {"parameterValues": least, "testSuite": {"name": f"{TABLE}.testSuite"}},
    )
    assert "table is not empty" in refused(tools, "delete_table", table_id=shop["id"])


def test_a_catalogue_is_put_in_order(tools: Tools, sandbox: Sandbox) -> None:
    told(tools, "create_classification", classification_data={"name": "Colour", "description": "How it looks."})
    told(tools, "create_tag", tag_data={"name": "Red", "classification": "Colour", "description": "Like fire."})
    told(tools, "create_glossary", glossary_data={"name": "Words", "description": "What we say."})
    domain = {"name": "North", "description": "Up there.", "domainType": "Aggregate"}
    told(tools, "create_domain", domain_data=domain)
    product = {"name": "Snow", "description": "White.", "domains": ["North"]}
    made = told(tools, "create_data_product", data_product_data=product)
    told(tools, "create_user", user_data={"name": "ann", "email": "ann@example.org"})

    assert ask(sandbox, "/v1/tags/name/Colour.Red")["description"] == "Like fire."
    assert [each["name"] for each in ask(sandbox, f"/v1/dataProducts/{made['id']}?fields=domains")["domains"]] == [
        "North"
    ]
    assert "HTTP 409" in refused(tools, "create_user", user_data={"name": "ann", "email": "ann@example.org"})
    created = [call["operation"] for call in journal(sandbox) if call["status"] == 201]
    assert created == [
        f"create{kind}" for kind in ("Classification", "Tag", "Glossary", "Domain", "DataProduct", "User")
    ]


def test_a_user_does_what_that_user_may(mcp_server: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    with started(mcp_server, sandbox, tmp_path / "log.txt", user="guest") as tools:
        said = refused(tools, "create_glossary", glossary_data={"name": "Words", "description": "What we say."})

    assert "HTTP 403" in said
    assert "guest" in said
    assert journal(sandbox)[-1]["user"] == "guest"


def test_what_the_product_has_not_is_refused(tools: Tools) -> None:
    said = {tool: refused(tools, tool, **arguments) for tool, (_, arguments) in MISTAKEN.items()}

    assert [tool for tool, (status, _) in MISTAKEN.items() if f"HTTP {status}" not in said[tool]] == []
