"""Conditions: how they are read, what they answer, and what is said of those that are none."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.dialects.openmetadata.spel import DEEPEST, LONGEST, Unanswerable, calls, holds, parse
from mockserver.dialects.openmetadata.speltokens import Unreadable

Json = Any


def ask(name: str, arguments: tuple[Json, ...]) -> bool:
    """`yes` says yes, `has` whether it is given `a`, and all others no."""
    return name == "yes" or (name == "has" and "a" in arguments)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("yes()", True),
        ("no()", False),
        ("!no()", True),
        ("!!yes()", True),
        ("not no()", True),
        ("yes() && no()", False),
        ("yes() and yes()", True),
        ("no() || yes()", True),
        ("no() OR yes()", True),
        ("no() || no() || yes()", True),
        # `&&` binds closer than `||`, and `!` than `==`.
        ("yes() || no() && no()", True),
        ("(yes() || no()) && no()", False),
        ("!no() == yes()", True),
        ("no() == yes() || yes()", True),
        ("!(yes() && no())", True),
        ("  yes()&&!no()  ", True),
        ("true", True),
        ("FALSE || yes()", True),
        ("yes() == true", True),
        ("yes() != true", False),
        ("no() ne yes()", True),
        ("1 == 1 && 1.5 eq 1.5 && -1 != 1", True),
        ("'1' == 1", False),
        ("null == null", True),
        ("has('a')", True),
        ("has('b', \"a\")", True),
        ("has('b','c')", False),
        ("has('it''s') || 'it''s' == \"it's\"", True),
        ("has({'a', 'b'}) || yes()", True),
        ("yes()\n&& yes()", True),
    ],
)
def test_a_condition_is_true_when_it_says_so(condition: str, truth: bool) -> None:
    assert holds(parse(condition), ask) is truth


def test_what_decides_nothing_any_more_is_not_asked() -> None:
    asked: list[str] = []

    def noting(name: str, arguments: tuple[Json, ...]) -> bool:
        asked.append(name)
        return ask(name, arguments)

    assert holds(parse("no() && never() || yes() || nor()"), noting)
    assert asked == ["no", "yes"]


def test_every_call_is_found_wherever_it_stands() -> None:
    node = parse("a() && !(b('x') || c(d())) == ({e()} != f)")
    assert [call.name for call in calls(node)] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", "a condition is missing at its end"),
        ("   ", "a condition is missing at its end"),
        ("yes() &&", "a condition is missing at its end"),
        ("yes() no()", "at character 7: nothing can follow before 'no'"),
        ("(yes()", "')' is missing at its end"),
        ("yes())", "at character 6: nothing can follow before ')'"),
        ("&& yes()", "at character 1: no condition begins with '&&'"),
        ("yes() & no()", "at character 7: '& no()' cannot be read"),
        ("has('a", "at character 5: ''a' is never closed"),
        ("has('a' 'b')", "',' is missing at character 9, where 'b' is"),
        ("has(,)", "at character 5: no condition begins with ','"),
        ("T(java.lang.Runtime)", "at character 7: '.lang.Runtime)' cannot be read"),
        ("yes() ? no() : yes()", "at character 7: '? no() : yes()' cannot be read"),
        ("1 == 99999999999999999999", "'99999999999999999999' cannot be read"),
        ("!" * (DEEPEST + 1) + "yes()", "nested more than"),
        ("(" * (DEEPEST + 1), "nested more than"),
        ("x" * (LONGEST + 1), f"at most {LONGEST} characters"),
    ],
)
def test_a_text_that_is_no_condition_says_where_and_why(condition: str, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(condition)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("yes", "there is no property 'yes'"),
        ("'yes'", "'yes' is neither true nor false"),
        ("!1", "'1' is neither true nor false"),
        ("null", "'null' is neither true nor false"),
        ("yes() && {'a'}", "is neither true nor false"),
    ],
)
def test_a_condition_without_an_answer_says_what_has_none(condition: str, said: str) -> None:
    node = parse(condition)
    with pytest.raises(Unanswerable) as caught:
        holds(node, ask)
    assert said in str(caught.value)
