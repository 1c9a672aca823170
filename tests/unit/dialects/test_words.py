"""The server's own sentences for what a contract finds wrong."""

from __future__ import annotations

import pytest

from mockserver.dialects.openmetadata.words import reword
from mockserver.exchange import Violation


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("query fields/1", "Invalid field name nope (it is none)"),
        ("query entityCreated/0", "Invalid entity x in query param entityCreated (it is none)"),
        ("query limit", "it is none"),
        ("query before/0", "it is none"),
        ("body /fields/0", "it is none"),
    ],
)
def test_a_violation_keeps_its_place_and_gets_the_servers_words(where: str, sentence: str) -> None:
    arguments = {"fields": ["owners", "nope"], "entityCreated": ["x"]}
    assert reword(Violation(where, "it is none"), arguments) == Violation(where, sentence)
