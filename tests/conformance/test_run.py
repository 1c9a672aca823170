"""What a run of the check does besides finding defects: exclusions, reports, seeds, and a plain word when it cannot."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockserver.check.collect import NO_ANSWER
from mockserver.check.exclusions import Exclusion
from mockserver.check.findings import CheckOutcome
from mockserver.check.run import ALL, known_checks, run_check
from mockserver.check.target import CannotRunError
from tests.conformance.live import EXAMPLES, SEED, checked, served
from tests.conformance.sample_app import DOCUMENT, TOKEN, Defect, sample_app

ROOT = Path(__file__).parents[2]
BARE_LIST = Exclusion("list*", "content_type_conformance", "kept for an old client")


def told(outcome: CheckOutcome) -> list[object]:
    """All that an outcome says but for the port, which is another one each time."""
    findings = [re.sub(r"127\.0\.0\.1:\d+", "host", str(finding)) for finding in outcome.findings]
    return [*findings, *((tally.operation, sorted(tally.statuses.items())) for tally in outcome.tallies)]


def test_a_seed_repeats_a_failure_to_the_letter() -> None:
    defects = (Defect.FORGETS_TO_DELETE, Defect.REJECTS_GOOD_BODY)
    first = checked(*defects, seed=5)

    assert first.findings
    assert told(first) == told(checked(*defects, seed=5))


def test_another_seed_tries_something_else() -> None:
    assert told(checked(phases=["fuzzing"], seed=5)) != told(checked(phases=["fuzzing"], seed=6))


def test_a_run_without_a_seed_says_which_it_took() -> None:
    with served(sample_app()) as url:
        outcome = run_check(DOCUMENT, url, out=io.StringIO(), token=TOKEN, phases=["examples"])

    assert 0 <= outcome.seed < 1_000_000_000


def test_a_chain_of_requests_is_given_from_its_first() -> None:
    (finding,) = checked(Defect.FORGETS_TO_DELETE, phases=["stateful"]).findings

    assert [step.split()[2] for step in finding.steps] == ["POST", "DELETE", "GET"]


def test_the_token_is_written_nowhere(tmp_path: Path) -> None:
    out = io.StringIO()
    with served(sample_app(Defect.NO_LOCATION), requests=60) as url:
        outcome = run_check(DOCUMENT, url, out=out, token=TOKEN, seed=SEED, report_dir=tmp_path)

    assert outcome.findings
    assert outcome.problems
    written = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    assert len(written) == 3
    assert not [text for text in [out.getvalue(), *written] if TOKEN in text]
    assert any('"Authorization: Bearer $TOKEN"' in finding.curl for finding in outcome.findings)


def test_an_exclusion_takes_its_findings_out_and_is_counted() -> None:
    outcome = checked(Defect.WRONG_CONTENT_TYPE, phases=["coverage"], exclusions=[BARE_LIST])

    assert outcome.findings == ()
    assert outcome.exit_code == 0
    ((exclusion, count),) = outcome.excused
    assert exclusion is BARE_LIST
    (finding,) = checked(Defect.WRONG_CONTENT_TYPE, phases=["coverage"]).findings
    assert count == finding.times > 1


def test_an_exclusion_hides_nothing_else() -> None:
    outcome = checked(
        Defect.WRONG_CONTENT_TYPE, Defect.ACCEPTS_BAD_QUERY, phases=["coverage", "fuzzing"], exclusions=[BARE_LIST]
    )

    assert {finding.check for finding in outcome.findings} == {"negative_data_rejection"}


def test_an_exclusion_that_excluded_nothing_is_called_stale() -> None:
    assert checked(exclusions=[BARE_LIST]).stale == (BARE_LIST,)


def test_an_exclusion_is_not_called_stale_by_a_run_that_did_not_try_it() -> None:
    assert checked(exclusions=[BARE_LIST], phases=["coverage"]).stale == ()
    assert checked(exclusions=[BARE_LIST], operations=["*Book"]).stale == ()


def test_only_the_operations_asked_for_are_tried() -> None:
    outcome = checked(operations=["getBook", "create*"], phases=["coverage", "stateful"])

    assert {tally.operation for tally in outcome.tallies} == {"getBook", "createBook"}
    assert all(tally.requests for tally in outcome.tallies)


def test_reports_are_well_formed_and_hold_each_finding(tmp_path: Path) -> None:
    outcome = checked(Defect.DROPS_FIELD, Defect.CRASHES, report_dir=tmp_path / "made" / "for it")

    directory = tmp_path / "made" / "for it"
    html = (directory / "report.html").read_text(encoding="utf-8")
    root = ElementTree.fromstring((directory / "junit.xml").read_text(encoding="utf-8"))
    entries = json.loads((directory / "traffic.har").read_text(encoding="utf-8"))["log"]["entries"]
    failed = {(case.get("classname"), case.get("name")) for case in root.iter("testcase") if case.find("failure")}
    failed |= {(case.get("classname"), case.get("name")) for case in root.iter("testcase") if len(case)}
    assert outcome.findings
    assert failed == {(finding.operation, finding.check) for finding in outcome.findings}
    assert all(f"{finding.operation}: {finding.check}" in html for finding in outcome.findings)
    assert len(entries) == outcome.requests
    assert {"method", "url"} <= entries[0]["request"].keys()


def test_a_server_that_goes_away_is_said_and_no_verdict_is_given() -> None:
    with served(sample_app(), requests=60) as url:
        outcome = run_check(DOCUMENT, url, out=io.StringIO(), token=TOKEN, max_examples=EXAMPLES, seed=SEED)

    assert outcome.exit_code == 2
    assert outcome.findings == ()
    assert "stopped responding" in outcome.problems[0]
    assert "stopped early: Server stopped responding" in outcome.problems


def test_chains_that_an_unrepeatable_answer_cuts_short_are_gone_on_with() -> None:
    out = io.StringIO()
    with served(sample_app(Defect.MOODY)) as url:
        run_check(DOCUMENT, url, out=out, token=TOKEN, phases=["stateful"], max_examples=10, seed=SEED, progress=True)
    rounds = re.findall(r"^stateful +(\d+) requests", out.getvalue(), re.MULTILINE)

    assert len(rounds) > 1
    assert int(rounds[-1]) > int(rounds[0])


def test_nothing_is_left_in_the_folder_it_was_called_from(tmp_path: Path) -> None:
    code = "from tests.conformance.live import *; checked(Defect.CRASHES, phases=['fuzzing'], max_examples=5)"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)

    assert list(tmp_path.iterdir()) == []


def test_the_document_is_left_as_it_was() -> None:
    before = json.dumps(DOCUMENT)
    checked(phases=["stateful"], max_examples=1)

    assert json.dumps(DOCUMENT) == before


def test_a_document_that_cannot_be_read_is_said_in_a_line() -> None:
    with served(sample_app()) as url, pytest.raises(CannotRunError, match=r"^the contract cannot be tested: .*9\.9"):
        run_check({**DOCUMENT, "openapi": "9.9"}, url, out=io.StringIO(), token=TOKEN)


def test_a_document_without_operations_cannot_be_checked() -> None:
    with pytest.raises(CannotRunError, match="the contract has no operations"):
        run_check({**DOCUMENT, "paths": {}}, "http://127.0.0.1:9", out=io.StringIO())


def test_an_operation_that_cannot_be_tested_is_no_success() -> None:
    broken = json.loads(json.dumps(DOCUMENT))
    broken["paths"]["/books"]["post"]["requestBody"]["content"]["application/json"]["schema"] = {"$ref": "#/nowhere"}
    with served(sample_app()) as url:
        outcome = run_check(broken, url, out=io.StringIO(), token=TOKEN, phases=["coverage"], seed=SEED)

    assert outcome.exit_code == 2
    assert any("/books" in problem and "nowhere" in problem for problem in outcome.problems)


def test_a_pattern_that_cannot_be_generated_is_noted() -> None:
    odd = json.loads(json.dumps(DOCUMENT))
    odd["paths"]["/books"]["get"]["parameters"][0]["schema"] = {"type": "string", "pattern": "(?<"}
    with served(sample_app()) as url:
        outcome = run_check(odd, url, out=io.StringIO(), token=TOKEN, phases=["examples"], seed=SEED)

    assert [note for note in outcome.notes if "GET /books: " in note and "unsupported_regex" in note]


def test_one_operation_alone_is_tested_though_it_has_no_chain() -> None:
    outcome = checked(operations=["health"], max_examples=2)

    assert outcome.exit_code == 0
    assert "no operation that was chosen links to another" in outcome.notes[0]


def test_an_operation_that_was_never_asked_is_no_success() -> None:
    with served(sample_app()) as url:
        outcome = run_check(DOCUMENT, url, out=io.StringIO(), token=TOKEN, phases=["examples"], operations=["getBook"])

    assert outcome.exit_code == 2
    assert outcome.problems == ("not one request was sent",)


def test_every_check_is_switched_on() -> None:
    outcome = checked(phases=["coverage"])

    applied = set().union(*(tally.checks for tally in outcome.tallies))
    assert set(known_checks()) - applied == {NO_ANSWER}


def test_each_phase_is_named_as_schemathesis_names_it() -> None:
    assert ALL == ("examples", "coverage", "fuzzing", "stateful")
