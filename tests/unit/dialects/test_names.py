"""Fully qualified names: joining and quoting."""

from __future__ import annotations

import pytest

from mockserver.dialects.openmetadata.names import join, quote


@pytest.mark.parametrize(
    ("parent", "name", "full"),
    [
        (None, "sample_data", "sample_data"),
        (None, "a.b", '"a.b"'),
        ("svc", "db", "svc.db"),
        ("svc", "a.b", 'svc."a.b"'),
        ('svc."a.b"', "p.q", 'svc."a.b"."p.q"'),
        ("svc", "größe und mehr", "svc.größe und mehr"),
        ("svc", "a:b>c", "svc.a:b>c"),
    ],
)
def test_names_are_joined_by_dots_and_quoted_when_they_hold_one(parent: str | None, name: str, full: str) -> None:
    assert join(parent, name) == full


@pytest.mark.parametrize("part", ["", "a", '"a.b"', "a b"])
def test_what_needs_no_quotes_gets_none(part: str) -> None:
    assert quote(part) == part
