"""The faults that tests set."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.testing import MockServer
from tests.unit.testing.catalogue import TABLE

GET_TABLE = f"/v1/tables/{TABLE}"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "a fault needs an effect"),
    ({"message": "no"}, "a fault needs an effect"),
    ({"drop": True, "message": "no"}, "a message is told with a status"),
    ({"drop": True, "status": 500}, "not both"),
    ({"status": 200}, "status=200 is no status of an error; they go from 400 to 599"),
    ({"status": "503"}, "status='503' is no status of an error"),
    ({"latency": -1}, "latency=-1 is not from 0 to 3600; it is in seconds"),
    ({"latency": 3601}, "latency=3601 is not from 0 to 3600"),
    ({"latency": float("nan")}, "latency=nan is not from 0 to 3600"),
    ({"status": 500, "count": 0}, "count=0 is not a whole number from 1 to 1000000; leave it out"),
    ({"status": 500, "count": 1.5}, "count=1.5 is not a whole number"),
    ({"status": 500, "probability": 0}, "probability=0 is not above 0"),
    ({"status": 500, "probability": 1.1}, "at most 1"),
]


def test_a_fault_hits_as_often_as_it_is_asked_to(mockserver: MockServer) -> None:
    fault = mockserver.fault("getTable", status=503, message="come back later", count=2)

    assert statuses(mockserver, 3) == [503, 503, 200]
    assert fault.remaining == 0
    assert mockserver.requests[0].reason == "come back later"


def test_a_fault_ends_with_its_block(mockserver: MockServer) -> None:
    with mockserver.fault("get*", status=500):
        assert statuses(mockserver, 2) == [500, 500]

    assert statuses(mockserver, 1) == [200]


def test_a_fault_is_taken_back_alone(mockserver: MockServer) -> None:
    first = mockserver.fault("getTable", status=500)
    mockserver.fault("getTable", status=503)

    first.remove()

    assert statuses(mockserver, 1) == [503]


def test_a_fault_leaves_other_operations_alone(mockserver: MockServer) -> None:
    mockserver.fault("listTables", status=500)

    assert statuses(mockserver, 1) == [200]


def test_the_same_calls_are_hit_by_chance_in_each_run(mockserver: MockServer) -> None:
    mockserver.fault("getTable", status=500, probability=0.5)
    first = statuses(mockserver, 20)
    mockserver.reset()
    mockserver.fault("getTable", status=500, probability=0.5)

    assert statuses(mockserver, 20) == first
    assert set(first) == {200, 500}


def test_a_reset_takes_faults_back(mockserver: MockServer) -> None:
    mockserver.fault(status=500)
    mockserver.reset()

    assert statuses(mockserver, 1) == [200]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_a_fault_that_cannot_happen_is_refused(mockserver: MockServer, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mockserver.fault("getTable", **wrong)

    assert statuses(mockserver, 1) == [200]


@pytest.mark.parametrize("operation", ["getTabel", "getTabel*"])
def test_a_fault_of_no_operation_is_refused(mockserver: MockServer, operation: str) -> None:
    with pytest.raises(ValueError, match=r"no operation like 'getTabel\*?'; did you mean 'getTable"):
        mockserver.fault(operation, status=500)


def statuses(mockserver: MockServer, times: int) -> list[int]:
    return [mockserver.client.get(GET_TABLE).status_code for _ in range(times)]
