"""The mock keeps the contract that it serves, under both profiles, in all phases and with all checks."""

from __future__ import annotations

import io

import pytest

from mockserver.check.exclusions import load_exclusions
from mockserver.check.run import known_checks, run_check
from mockserver.check.subjects import find_subject

FEWEST_REQUESTS = 10_000


@pytest.mark.parametrize("profile", ["docs", "server-2.0"])
@pytest.mark.timeout(900)
def test_the_mock_keeps_its_own_contract(profile: str) -> None:
    subject = find_subject("openmetadata", profile)
    document = subject.document()
    names = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert subject.exclusions is not None
    exclusions = load_exclusions(subject.exclusions, operations=names, checks=known_checks(), profile=profile)

    with subject.live(seed=0) as mock:
        outcome = run_check(
            document, mock.base_url, token=mock.token, max_examples=2, seed=1, exclusions=exclusions, out=io.StringIO()
        )

    assert [str(finding) for finding in outcome.findings] == []
    assert outcome.problems == ()
    assert outcome.requests >= FEWEST_REQUESTS
    assert not [tally.operation for tally in outcome.tallies if any(status >= 500 for status in tally.statuses)]
