"""Each check is seen to bite: a library with one defect is caught by the check that should catch it."""

from dataclasses import dataclass

import pytest

from mockserver.check.collect import NO_ANSWER
from tests.conformance.live import checked
from tests.conformance.sample_app import Defect


@dataclass(frozen=True)
class Bite:
    """Where a defect must be found, by which check, and in which phase at the latest."""

    defect: Defect
    operation: str
    check: str
    phase: str = "coverage"


BITES = [
    Bite(Defect.FORGETS_TO_DELETE, "removeBook", "use_after_free", "stateful"),
    Bite(Defect.LOSES_CREATED, "createBook", "ensure_resource_availability", "stateful"),
    Bite(Defect.DROPS_FIELD, "getBook", "response_schema_conformance"),
    Bite(Defect.WRONG_STATUS, "removeBook", "status_code_conformance"),
    Bite(Defect.WRONG_CONTENT_TYPE, "listBooks", "content_type_conformance"),
    Bite(Defect.MALFORMED_JSON, "listBooks", "response_schema_conformance", "fuzzing"),
    Bite(Defect.NO_ETAG, "getBook", "response_headers_conformance", "stateful"),
    Bite(Defect.NO_LOCATION, "createBook", "response_headers_conformance", "examples"),
    Bite(Defect.IGNORES_AUTH, "createBook", "ignored_auth", "examples"),
    Bite(Defect.IGNORES_BAD_TOKEN, "createBook", "ignored_auth", "examples"),
    Bite(Defect.CRASHES, "listBooks", "not_a_server_error"),
    Bite(Defect.HANGS_UP, "listBooks", NO_ANSWER),
    Bite(Defect.ACCEPTS_BAD_BODY, "createBook", "negative_data_rejection"),
    Bite(Defect.ACCEPTS_BAD_QUERY, "listBooks", "negative_data_rejection", "fuzzing"),
    Bite(Defect.MOODY, "createBook", "positive_data_acceptance"),
    Bite(Defect.REJECTS_GOOD_BODY, "createBook", "positive_data_acceptance"),
    Bite(Defect.ANSWERS_ANY_METHOD, "createBook", "unsupported_method"),
    Bite(Defect.NO_ALLOW, "createBook", "unsupported_method"),
    Bite(Defect.WRONG_ALLOW, "createBook", "allow_header_conformance"),
    Bite(Defect.NO_HEADER_NEEDED, "createBook", "missing_required_header"),
    Bite(Defect.BARE_ERRORS, "createBook", "response_schema_conformance"),
]


@pytest.mark.parametrize("bite", BITES, ids=lambda bite: bite.defect.name.lower())
def test_a_defect_is_found_by_the_check_that_is_there_for_it(bite: Bite) -> None:
    outcome = checked(bite.defect, phases=[bite.phase])

    found = {(finding.operation, finding.check) for finding in outcome.findings}
    assert (bite.operation, bite.check) in found, f"{bite.defect.value}, but found only {sorted(found)}"
    assert outcome.exit_code == 1


def test_every_defect_of_the_library_is_tried() -> None:
    assert {bite.defect for bite in BITES} == set(Defect)


def test_nothing_is_found_in_a_library_without_defects() -> None:
    outcome = checked(max_examples=25)

    assert outcome.findings == ()
    assert outcome.problems == ()
    assert outcome.exit_code == 0
    assert not [tally.operation for tally in outcome.tallies if tally.never_succeeded]
