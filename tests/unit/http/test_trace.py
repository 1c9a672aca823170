"""Traces as callers name them."""

from __future__ import annotations

import pytest

from mockserver.http.trace import Trace, trace_of

ID, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def traced(header: str) -> Trace:
    return trace_of({"traceparent": header})


@pytest.mark.parametrize(("flags", "sampled"), [("00", False), ("01", True), ("03", True), ("fe", False)])
def test_a_callers_trace_is_taken_up(flags: str, sampled: bool) -> None:
    trace = traced(f"00-{ID}-{PARENT}-{flags}")

    assert (trace.id, trace.parent, trace.sampled) == (ID, PARENT, sampled)
    assert trace.span != PARENT


@pytest.mark.parametrize("header", [f"01-{ID}-{PARENT}-01", f"cc-{ID}-{PARENT}-01-what-comes-later"])
def test_a_trace_of_a_later_version_is_taken_up(header: str) -> None:
    assert traced(header).id == ID


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        f"ff-{ID}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID.upper()}-{PARENT}-01",
        f"00-{ID}-{PARENT}-0",
        f"00-{ID}-{PARENT}-01-more",
        f"00-{ID}-{PARENT}-01.",
        f"cc-{ID}-{PARENT}-01.more",
        f"00-{ID}-{PARENT}-01, 00-{ID}-{PARENT}-01",
        f" 00-{ID}-{PARENT}-01",
    ],
)
def test_a_trace_that_is_none_is_ignored(header: str) -> None:
    trace = traced(header)

    assert trace.id != ID
    assert trace.parent is None
    assert len(trace.id) == 32


def test_each_request_without_a_trace_gets_its_own() -> None:
    assert trace_of({}) != trace_of({})


def test_an_answer_names_the_trace_and_our_span() -> None:
    trace = traced(f"00-{ID}-{PARENT}-01")

    assert trace.response == f"00-{ID}-{trace.span}-01"
