"""Writes what a check found into files: JUnit for machines, a page for people."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from mockserver.check.findings import CheckOutcome, Finding, Tally
from mockserver.check.html import page
from mockserver.check.target import CannotRunError
from mockserver.check.text import writable

JUNIT, HAR, HTML = "junit.xml", "traffic.har", "report.html"


def prepare_directory(directory: Path) -> None:
    """Makes sure that reports can be written before an hour is spent on what they would say."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / HAR).touch()
    except OSError as error:
        raise CannotRunError(f"no report can be written to {directory}: {error.strerror or error}") from None


def write_reports(outcome: CheckOutcome, directory: Path) -> None:
    """JUnit and the page; the HAR file is written while the requests are made."""
    (directory / JUNIT).write_text(junit(outcome), encoding="utf-8")
    (directory / HTML).write_text(page(outcome), encoding="utf-8")


def junit(outcome: CheckOutcome) -> str:
    """A suite for each operation, with a test case for each check that was applied to it."""
    root = ElementTree.Element("testsuites", name="contract check", time=f"{outcome.seconds:.3f}")
    for tally in outcome.tallies:
        _suite(root, tally, outcome.of(tally.operation))
    if outcome.problems:
        suite = ElementTree.SubElement(root, "testsuite", name="not tested", tests="1", errors="1")
        case = ElementTree.SubElement(suite, "testcase", classname="contract", name="could be tested")
        ElementTree.SubElement(case, "error", message=writable(outcome.problems[0])).text = writable(
            "\n".join(outcome.problems)
        )
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(root: ElementTree.Element, tally: Tally, findings: tuple[Finding, ...]) -> None:
    broken = {finding.check for finding in findings}
    checks = sorted(tally.checks | broken | tally.excused.keys())
    skipped = [check for check in checks if check in tally.excused and check not in broken]
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=tally.operation,
        tests=str(len(checks)),
        failures=str(len(broken)),
        skipped=str(len(skipped)),
    )
    for check in checks:
        case = ElementTree.SubElement(suite, "testcase", classname=tally.operation, name=check)
        for finding in findings:
            if finding.check == check:
                failure = ElementTree.SubElement(case, "failure", type=check, message=writable(finding.title))
                failure.text = writable("\n\n".join([finding.message, finding.curl, f"seed {finding.seed}"]))
        if check in skipped:
            ElementTree.SubElement(case, "skipped", message=writable(tally.excused[check]))
