"""Query strings mean what Lucene says they do, and one that cannot be read says where."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.search import dsl
from mockserver.search.documents import Document
from mockserver.search.lucene import QueryError, parse

DOCUMENT = Document(
    "1",
    "table_search_index",
    {"name": "fact_orders", "version": 0.3, "columns": [{"name": "id"}, {"name": "total_amount"}], "deleted": False},
)
WORDS = ("fact", "orders", "fact_orders", "id", "total", "nothing", "amount")


@pytest.mark.parametrize(
    "query",
    [
        "orders",
        "ORDERS fact",
        "name:fact_orders",
        "name:fact*",
        'name:"fact orders"',
        "name:(fact OR nothing)",
        "+orders -nothing",
        "orders AND NOT nothing",
        "nothing OR (orders AND fact)",
        "columns.name:total_amount",
        "version:[0.1 TO 0.3]",
        "version:{0.1 TO *}",
        "_exists_:columns.name",
        "orders^3",
        "deleted:false",
        "*",
        "",
    ],
)
def test_a_query_finds_the_document(query: str) -> None:
    assert parse(query).score(DOCUMENT) > 0


@pytest.mark.parametrize(
    "query",
    [
        "nothing",
        "orders nothing",
        "-orders",
        "name:total",
        'name:"orders fact"',
        "version:[0.4 TO *]",
        "version:{0.3 TO *}",
        "_exists_:description",
        "name:facts*",
    ],
)
def test_a_query_does_not_find_the_document(query: str) -> None:
    assert parse(query).score(DOCUMENT) == 0


@pytest.mark.parametrize("query", ["(open", "a)", "a OR", "NOT", "[1 TO 2]", '"open', "_exists_:("])
def test_a_query_that_cannot_be_read_is_refused_with_words(query: str) -> None:
    with pytest.raises(QueryError, match=r"\w+"):
        parse(query)


def test_an_unknown_keyword_is_named() -> None:
    with pytest.raises(QueryError, match="'terrm' is not read here"):
        dsl.read({"terrm": {"name": "a"}})


JOINED = ("AND", "OR", "NOT")


@given(st.recursive(st.sampled_from(WORDS), lambda inner: st.tuples(st.sampled_from(JOINED), inner, inner)))
def test_and_or_and_not_are_those_of_logic(tree: Any) -> None:
    assert bool(parse(written(tree)).score(DOCUMENT)) == holds(tree)


def written(tree: Any) -> str:
    if isinstance(tree, str):
        return tree
    word, left, right = tree
    middle = "AND NOT" if word == "NOT" else word
    return f"(({written(left)}) {middle} ({written(right)}))"


def holds(tree: Any) -> bool:
    if isinstance(tree, str):
        return tree != "nothing"
    word, left, right = tree
    if word == "AND":
        return holds(left) and holds(right)
    return holds(left) or holds(right) if word == "OR" else holds(left) and not holds(right)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(QueryError):
        parse(text).score(DOCUMENT)
