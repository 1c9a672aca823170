"""The state that tests look at, and come back to."""

from __future__ import annotations

import pytest

from mockserver.testing import Change, MockServer
from tests.unit.testing.catalogue import ADMIN, FOLLOWERS, TABLE, TABLE_NAME


def test_a_record_is_found_by_name_and_by_id(mockserver: MockServer) -> None:
    tables = mockserver.state["tables"]

    assert tables[TABLE] == tables[TABLE.upper()] == tables[TABLE_NAME]
    assert TABLE in tables
    assert TABLE_NAME in tables
    assert TABLE_NAME in list(tables)


def test_a_record_is_what_the_admin_is_answered_with_all_its_fields(mockserver: MockServer) -> None:
    known = mockserver.state["tables"][TABLE]

    assert known == mockserver.client.get(f"/v1/tables/{TABLE}?fields=*").json()
    assert {"followers", "votes", "owners"} <= set(known)


def test_every_record_of_every_resource_can_be_read(mockserver: MockServer) -> None:
    state = mockserver.state
    read = {resource: len(dict(records)) for resource, records in state.items()}

    assert read == {resource: len(records) for resource, records in state.items()}
    assert set(read) == set(mockserver.contract.resources)
    assert {resource for resource, count in read.items() if not count} == {"threads", "tasks"}


def test_what_people_say_is_a_record_like_any_other(mockserver: MockServer) -> None:
    said = {"about": f"<#E::table::{TABLE_NAME}>", "from": "admin", "message": "Is this complete?"}
    thread = mockserver.client.post("/v1/feed", json=said).json()

    assert mockserver.state["threads"][thread["id"]]["message"] == said["message"]


def test_a_deleted_record_stays_until_it_is_deleted_for_good(mockserver: MockServer) -> None:
    before = len(mockserver.state["tables"])
    mockserver.client.delete(f"/v1/tables/{TABLE}")
    assert mockserver.state["tables"][TABLE]["deleted"]
    assert len(mockserver.state["tables"]) == before

    mockserver.client.delete(f"/v1/tables/{TABLE}?hardDelete=true")

    assert TABLE not in mockserver.state["tables"]
    assert len(mockserver.state["tables"]) == len(list(mockserver.state["tables"])) == before - 1


def test_a_state_stays_what_it_was(mockserver: MockServer) -> None:
    before = mockserver.state
    tables = before["tables"]
    assert mockserver.state == before

    mockserver.client.put(FOLLOWERS, json=ADMIN)

    assert tables[TABLE]["followers"] == before["tables"][TABLE]["followers"] == []
    assert mockserver.state != before


def test_looking_at_the_state_is_no_request_and_meets_no_fault(mockserver: MockServer) -> None:
    mockserver.fault(status=500)

    assert mockserver.state["tables"][TABLE]["id"] == TABLE
    assert len(mockserver.requests) == 0


def test_what_is_not_there_is_named_with_what_is_meant(mockserver: MockServer) -> None:
    with pytest.raises(KeyError) as resource:
        mockserver.state["table"]
    with pytest.raises(KeyError) as record:
        mockserver.state["teams"]["Acounting"]
    with pytest.raises(KeyError) as stranger:
        mockserver.state["teams"][TABLE]

    assert str(resource.value) == "there is no resource 'table'; did you mean 'tables'?"
    assert str(record.value) == (
        "there is no record of teams with the name or id 'Acounting'; did you mean 'Accounting'?"
    )
    assert str(stranger.value).endswith(f"'{TABLE}'; there are {len(mockserver.state['teams'])}")
    assert mockserver.state["teams"].get("Acounting") is None


def test_a_snapshot_is_restored_as_often_as_one_likes(mockserver: MockServer) -> None:
    mockserver.client.put(FOLLOWERS, json=ADMIN)
    snapshot = mockserver.snapshot()
    followed = mockserver.state

    for _ in range(2):
        mockserver.client.delete(f"{FOLLOWERS}/{ADMIN}")
        assert mockserver.state["tables"][TABLE]["followers"] == []
        snapshot.restore()
        assert mockserver.state == snapshot.state == followed


def test_a_snapshot_is_restored_at_the_end_of_its_block(mockserver: MockServer) -> None:
    with mockserver.snapshot() as snapshot:
        mockserver.client.put(FOLLOWERS, json=ADMIN)

    assert mockserver.state == snapshot.state
    assert mockserver.client.get(f"/v1/tables/{TABLE}?fields=followers").json()["followers"] == []
    mockserver.assert_called("addTableFollower", times=1)


def test_a_reset_outlives_snapshots_and_forgets_requests(mockserver: MockServer) -> None:
    seeds = mockserver.state
    mockserver.client.put(FOLLOWERS, json=ADMIN)
    snapshot = mockserver.snapshot()

    mockserver.reset()

    assert mockserver.state == seeds
    assert len(mockserver.requests) == 0
    snapshot.restore()
    assert mockserver.state != seeds


def test_a_state_is_shown_in_one_line(mockserver: MockServer) -> None:
    assert repr(mockserver.state["bots"]) == "<Records bots: 8>"
    assert "bots: 8" in repr(mockserver.state)


def test_a_snapshot_leaves_faults_as_they_are(mockserver: MockServer) -> None:
    mockserver.fault("getTable", status=503)
    snapshot = mockserver.snapshot()
    mockserver.fault("listTables", status=500)

    snapshot.restore()

    assert mockserver.client.get(f"/v1/tables/{TABLE}").status_code == 503
    assert mockserver.client.get("/v1/tables").status_code == 500


def test_what_a_test_changed_is_told_record_by_record(mockserver: MockServer) -> None:
    assert mockserver.diff() == []

    mockserver.client.put(FOLLOWERS, json=ADMIN)
    mockserver.client.put(f"/v1/tables/{TABLE}/vote", json={"updatedVoteType": "votedUp"})
    team = mockserver.client.post("/v1/teams", json={"name": "Research", "teamType": "Group"}).json()

    table, created = mockserver.diff()
    assert (table.kind, table.resource, table.name, table.id) == ("updated", "tables", TABLE_NAME, TABLE)
    assert table.fields == {
        "followers": {"after": ["admin"]},
        "votes": {"after": [{"name": "admin", "value": "votedUp"}]},
    }
    assert created == Change("created", "teams", "Research", team["id"])
    assert repr(table) == f"<updated tables {TABLE_NAME}: followers, votes>"


def test_what_was_changed_since_a_snapshot_is_told_without_what_was_changed_before(mockserver: MockServer) -> None:
    mockserver.client.put(FOLLOWERS, json=ADMIN)
    snapshot = mockserver.snapshot()

    mockserver.client.delete(f"/v1/tables/{TABLE}?hardDelete=true")

    contract, table = mockserver.diff(snapshot)
    assert (contract.kind, contract.resource) == ("deleted", "dataContracts")
    assert table == Change("deleted", "tables", TABLE_NAME, TABLE)
    snapshot.restore()
    assert mockserver.diff(snapshot) == []


def test_a_fork_starts_as_its_origin_is_and_goes_its_own_way(mockserver: MockServer) -> None:
    mockserver.client.put(FOLLOWERS, json=ADMIN)
    fork = mockserver.fork()
    assert fork.diff(mockserver) == []

    fork.client.delete(f"{FOLLOWERS}/{ADMIN}").raise_for_status()
    fork.fault(status=500)
    fork.clock.freeze(1_000)

    assert len(mockserver.state["tables"][TABLE]["followers"]) == 1
    assert [change.fields for change in fork.diff(mockserver)] == [{"followers": {"before": ["admin"]}}]
    assert mockserver.clock.milliseconds > 1_000
    assert [request.operation for request in fork.requests] == ["removeTableFollower"]
    assert mockserver.client.get(f"/v1/tables/{TABLE}").status_code == 200
    fork.reset()
    assert len(fork.state["tables"][TABLE]["followers"]) == 1
