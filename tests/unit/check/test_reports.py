"""The reports of a check, well-formed whatever the server answered."""

from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockserver.check.html import page
from mockserver.check.report import junit, prepare_directory
from mockserver.check.target import CannotRunError
from tests.unit.check.outcomes import EXCUSED, HOSTILE, STALE, finding, outcome, tally

VOID = {"meta"}


class Strict(HTMLParser):
    """Notes what is on a page, and that each element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Strict:
    parser = Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_the_page_shows_each_finding_with_its_requests_and_answer() -> None:
    second = finding(operation="listBooks", check="not_a_server_error", title="Server error", message="boom")
    text = read(page(outcome(finding(), second))).text

    for each in (finding(), second):
        assert f"{each.operation}: {each.check}" in text
        assert each.title in text
        assert each.message in text
        assert each.curl in text
    assert '{"id": 1}' in text
    assert "2 findings" in text


def test_the_page_takes_no_markup_from_the_server() -> None:
    parsed = read(page(outcome(finding(message=HOSTILE, answer=HOSTILE, title=HOSTILE, steps=(HOSTILE,)))))

    assert "script" not in parsed.seen
    assert parsed.text.count("<script>") == 4


def test_the_page_needs_nothing_but_itself() -> None:
    html = page(outcome(finding()))

    assert "default-src 'none'" in html
    assert "src=" not in html
    assert "href=" not in html


def test_the_page_gives_each_exclusion_with_its_reason() -> None:
    text = read(page(outcome(excused=((EXCUSED, 5),), stale=(STALE,)))).text

    assert "the list is a cache" in text
    assert "the book is public" in text


def test_junit_has_a_case_for_each_check_of_each_operation() -> None:
    excused = tally("listBooks", excused={"use_after_free": "the list is a cache"})
    root = ElementTree.fromstring(junit(outcome(finding(), tallies=(tally(), excused))))

    cases = {(case.get("classname"), case.get("name")): case for case in root.iter("testcase")}
    assert set(cases) == {
        ("getBook", "not_a_server_error"),
        ("getBook", "response_schema_conformance"),
        ("listBooks", "not_a_server_error"),
        ("listBooks", "use_after_free"),
    }
    failure = cases["getBook", "response_schema_conformance"].find("failure")
    assert failure is not None
    assert failure.text is not None
    assert "curl http://host/books/1" in failure.text
    skipped = cases["listBooks", "use_after_free"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "the list is a cache"
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "1", "0", "1"]


def test_junit_stays_well_formed_with_characters_that_xml_forbids() -> None:
    root = ElementTree.fromstring(junit(outcome(finding(title=HOSTILE, message=f"{HOSTILE}\ud800\uffff"))))

    (failure,) = root.iter("failure")
    assert failure.text is not None
    assert "\\u0000" in failure.text
    assert "\\ud800" in failure.text


def test_the_page_can_be_written_whatever_the_answer_held() -> None:
    html = page(outcome(finding(message="\ud800\x00"))).encode("utf-8", "strict")

    assert b"\\ud800\\u0000" in html


def test_junit_calls_what_was_not_tested_an_error() -> None:
    root = ElementTree.fromstring(junit(outcome(problems=("the server stopped answering",))))

    (error,) = root.iter("error")
    assert error.text == "the server stopped answering"
    assert root.get("errors") == "1"


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(CannotRunError, match=r"no report can be written to .*file/reports"):
        prepare_directory(tmp_path / "file" / "reports")
