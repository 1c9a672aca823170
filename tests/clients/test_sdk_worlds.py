"""Worlds of one server, as the real Python SDK meets them: by a base URL, or by a token, for it can send no headers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.clients import facts
from tests.clients.sandbox import Sandbox
from tests.clients.sdk.session import Session

pytestmark = pytest.mark.xdist_group("clients")
# A facade keeps the first client that it was given, whatever is configured after.
CLIENT = "Tables.use_client"
FOLLOWERS = "[each.name for each in Tables.retrieve(table_id, fields=['followers']).followers.root]"


@pytest.fixture
def world(sandbox: Sandbox) -> Iterator[dict[str, str]]:
    """A world beside the default one: its name, and where it is."""
    answer = httpx2.post(f"{sandbox.url}/__mock__/worlds", json={}, trust_env=False)
    made: dict[str, str] = answer.raise_for_status().json()
    yield made
    httpx2.delete(f"{sandbox.url}/__mock__/worlds/{made['name']}", trust_env=False)


def test_a_base_url_with_a_world_in_it_leads_there(sdk: Session, world: dict[str, str]) -> None:
    sdk.run(f"configure(host={world['api']!r}, jwt_token=admin_token)")
    sdk.run("Tables.add_followers(table_id, [user_id])")
    assert sdk.value(FOLLOWERS) == ["admin"]
    assert sdk.value("client().ometa.server_version").startswith("2.0.")
    assert sdk.value("str(Tables.retrieve(table_id).href.root)") == f"{world['api']}/v1/tables/{facts.TABLE}"

    sdk.run(f"{CLIENT}(configure(host=host, jwt_token=admin_token))")
    assert sdk.value(FOLLOWERS) == []


def test_pages_of_a_list_stay_in_the_world(sdk: Session, world: dict[str, str]) -> None:
    sdk.run(f"configure(host={world['api']!r}, jwt_token=admin_token)")
    sdk.run("Tables.delete(table_id)")
    assert sdk.value("table_id in [str(each.id.root) for each in Tables.list_all(batch_size=2)]") is False

    sdk.run(f"{CLIENT}(configure(host=host, jwt_token=admin_token))")
    assert sdk.value("table_id in [str(each.id.root) for each in Tables.list_all(batch_size=2)]") is True


def test_a_world_that_is_gone_is_told_to_the_sdk(sdk: Session, sandbox: Sandbox, world: dict[str, str]) -> None:
    sdk.run(f"configure(host={world['api']!r}, jwt_token=admin_token)")
    httpx2.delete(f"{sandbox.url}/__mock__/worlds/{world['name']}", trust_env=False).raise_for_status()

    failure = sdk.failure("client().ometa.client.get(f'/tables/{table_id}')")

    assert (failure.kind, failure.code) == ("APIError", 410)
    assert f"the world '{world['name']}' was deleted" in failure.text
