"""The outcome as a person reads it in a terminal."""

import io
from pathlib import Path

from mockserver.check.findings import CheckOutcome
from mockserver.check.summary import write_summary
from tests.unit.check.outcomes import EXCUSED, HOSTILE, STALE, finding, outcome, tally


def shown(result: CheckOutcome, report_dir: Path | None = None) -> str:
    out = io.StringIO()
    write_summary(result, out, report_dir)
    return out.getvalue()


def test_each_operation_has_a_line_with_its_answers_by_class() -> None:
    lines = shown(outcome(finding())).splitlines()

    assert lines[1].split("  ") == ["operation", "requests", "2xx", "3xx", "4xx", "5xx", "other method", "findings"]
    assert lines[2].split() == ["getBook", "7", "4", "0", "2", "0", "1", "1"]
    assert lines[3].split() == ["listBooks", "3", "1", "0", "0", "1", "1", "0"]


def test_a_finding_is_shown_with_what_repeats_it() -> None:
    text = shown(outcome(finding()))

    assert "1. getBook: response_schema_conformance (coverage, 3 times)" in text
    assert "   $ curl -X POST http://host/books\n   $ curl http://host/books/1\n" in text
    assert text.endswith("1 finding. Seed 7.\n")


def test_a_long_message_is_cut_and_the_rest_counted() -> None:
    text = shown(outcome(finding(message="\n".join(f"line {number}" for number in range(10)))))

    assert "line 5" in text
    assert "line 6" not in text
    assert "4 more lines in the report" in text


def test_what_a_server_answers_cannot_drive_the_terminal() -> None:
    text = shown(outcome(finding(message=HOSTILE, answer=HOSTILE, title=HOSTILE, steps=(HOSTILE,))))

    assert "\x1b" not in text
    assert "\x00" not in text


def test_an_operation_that_never_succeeded_is_pointed_out() -> None:
    text = shown(outcome(tallies=(tally(), tally("removeBook", {404: 9}), tally("unasked", {}, other_methods=3))))

    assert "Never answered with success, so hardly tested: removeBook\n" in text


def test_exclusions_are_shown_with_their_reasons_and_stale_ones_with_their_place() -> None:
    text = shown(outcome(excused=((EXCUSED, 5),), stale=(STALE,)))

    assert "Excluded 5 times: use_after_free of list* (the list is a cache)" in text
    assert "exclusions.yaml:4: ignored_auth of getBook excluded nothing" in text


def test_a_contract_that_holds_is_said_to_hold() -> None:
    text = shown(outcome(), Path("build/check"))

    assert "Reports: build/check\n" in text
    assert text.endswith("The contract holds: 10 requests to 2 operations in 1.5 s, nothing found. Seed 7.\n")


def test_a_finding_outweighs_what_was_not_tested() -> None:
    assert outcome(finding(), problems=("stopped early",)).exit_code == 1
    assert outcome(problems=("stopped early",)).exit_code == 2
    assert outcome().exit_code == 0
    assert "The check could not be completed" in shown(outcome(problems=("stopped early",)))
