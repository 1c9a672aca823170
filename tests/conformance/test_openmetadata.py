"""The mock keeps the contract that it serves, under both profiles, in all phases and with all checks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.check.exclusions import load_exclusions
from mockserver.check.findings import CheckOutcome
from mockserver.check.operations import operations_of
from mockserver.check.run import ALL, known_checks, run_check
from mockserver.check.subjects import find_subject
from mockserver.contract.reference import resolved

Json = Any
# Examples and two generated requests for each operation; what chains add differs from run to run.
FEWEST_REQUESTS = {"docs": 100_000, "server-2.0": 7_000}
COVERAGE = "coverage"


def held(profile: str, phases: tuple[str, ...], operations: tuple[str, ...] = ()) -> CheckOutcome:
    """What the check says of a mock that serves this profile."""
    subject = find_subject("openmetadata", profile)
    document = subject.document()
    names = {operation.name for operation in operations_of(document).values()}
    assert subject.exclusions is not None
    exclusions = load_exclusions(subject.exclusions, operations=names, checks=known_checks(), profile=profile)
    with subject.live(seed=0) as mock:
        return run_check(
            document,
            mock.base_url,
            token=mock.token,
            phases=phases,
            max_examples=2,
            seed=1,
            exclusions=exclusions,
            operations=operations,
            out=io.StringIO(),
        )


def faults(outcome: CheckOutcome) -> list[str]:
    """Everything that keeps the outcome from being a proof."""
    crashed = [tally.operation for tally in outcome.tallies if any(status >= 500 for status in tally.statuses)]
    return [*map(str, outcome.findings), *outcome.problems, *outcome.notes, *crashed]


def requested(profile: str) -> dict[str, str]:
    """What can be sent to each operation: its parameters and its body, with all that they refer to."""
    document = find_subject("openmetadata", profile).document()
    return {
        operation.name: json.dumps(
            list(_told(document, [operation.parameters, operation.definition.get("requestBody")])), default=str
        )
        for operation in operations_of(document).values()
    }


def _told(document: dict[str, Json], value: Json) -> Iterator[Json]:
    """The value, then each part that it or a part of it refers to, once."""
    waiting, known = [value], {""}
    while waiting:
        value = waiting.pop()
        yield value
        for reference in sorted(set(_references(value)) - known):
            known.add(reference)
            waiting.append(resolved(document, {"$ref": reference}))


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _references(each)


@pytest.mark.timeout(900)
def test_the_mock_keeps_its_own_contract() -> None:
    outcome = held("docs", ALL)

    assert faults(outcome) == []
    assert outcome.requests >= FEWEST_REQUESTS["docs"]


@pytest.mark.timeout(600)
def test_the_mock_keeps_the_contract_of_the_server() -> None:
    outcome = held("server-2.0", tuple(phase for phase in ALL if phase != COVERAGE))

    assert faults(outcome) == []
    assert outcome.requests >= FEWEST_REQUESTS["server-2.0"]


@pytest.mark.timeout(600)
def test_the_mock_keeps_what_can_be_sent_to_the_server_only_to_the_edges() -> None:
    published, server = requested("docs"), requested("server-2.0")
    different = tuple(name for name, told in server.items() if published[name] != told)

    assert "listTables" in different
    assert len(different) < len(server) / 10
    assert faults(held("server-2.0", (COVERAGE,), different)) == []
