"""Findings read like compiler messages and suggest what was meant."""

from __future__ import annotations

import pytest

from mockserver.contract.problem import ContractError, Finding, nearest, shown


def test_a_finding_says_file_line_pointer_message_and_suggestion_on_one_line() -> None:
    finding = Finding("resources/tables.yaml", 14, "/x-resource/naming", "unknown keyword 'namng'", "naming")
    assert str(finding) == (
        "resources/tables.yaml:14: /x-resource/naming: unknown keyword 'namng'; did you mean 'naming'?"
    )


def test_a_finding_on_a_whole_file_has_neither_line_nor_pointer() -> None:
    assert str(Finding("openapi.yaml", 0, "", "there is no such file")) == "openapi.yaml: there is no such file"


def test_a_finding_on_no_file_still_names_its_pointer() -> None:
    assert str(Finding("", 0, "/components", "leads nowhere")) == "/components: leads nowhere"


def test_a_hostile_key_cannot_break_the_line_or_colour_the_terminal() -> None:
    line = str(Finding("a.yaml", 1, "/x\ny", "bad \x1b[31m key \ud800"))
    assert line == r"a.yaml:1: /x\ny: bad \x1b[31m key \ud800"


def test_an_error_lists_all_its_findings_one_a_line() -> None:
    error = ContractError([Finding("a.yaml", 1, "", "one"), Finding("b.yaml", 2, "", "two")])
    assert str(error) == "a.yaml:1: one\nb.yaml:2: two"
    assert [finding.source for finding in error.findings] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("word", "choices", "expected"),
    [
        ("namng", ["naming", "parent"], "naming"),
        ("tAblE", ["TaBLe", "TEam"], "TaBLe"),
        ("zebra", ["naming", "parent"], None),
        ("x" * 10_000, ["x" * 10_000], None),
    ],
)
def test_the_nearest_choice_is_found_whatever_its_case_and_only_when_it_is_near(
    word: str, choices: list[str], expected: str | None
) -> None:
    assert nearest(word, choices) == expected


def test_a_long_word_is_shown_shortened() -> None:
    assert shown("x" * 1000) == "'" + "x" * 79 + "…'"
