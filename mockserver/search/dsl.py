"""Reads the part of Elasticsearch's query language that clients of a catalogue send; the rest is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.search.clauses import Bool, Clause, Everything, Exists, Pattern, Range, Text
from mockserver.search.lucene import QueryError, parse

Json = Any
BOUNDS = ("gt", "gte", "lt", "lte")
DEEPEST = 50


def read(query: Json, depth: int = 0) -> Clause:
    """The clause that an object such as `{"term": {"owners.name": "ada"}}` means; QueryError says what is wrong."""
    if not isinstance(query, Mapping) or len(query) > 1:
        raise QueryError("a query is an object with one keyword, such as term or bool")
    if depth > DEEPEST:
        raise QueryError(f"queries are nested more than {DEEPEST} deep")
    if not query:
        return Everything()
    ((keyword, value),) = query.items()
    reader = READERS.get(keyword)
    if reader is None:
        raise QueryError(f"the keyword '{keyword}' is not read here; known are {', '.join(sorted(READERS))}")
    if not isinstance(value, Mapping):
        raise QueryError(f"what '{keyword}' holds is an object")
    return reader(value, depth + 1)


def _bool(value: Mapping[str, Json], depth: int) -> Clause:
    known = ("must", "should", "must_not", "filter", "minimum_should_match", "boost")
    for key in value:
        if key not in known:
            raise QueryError(f"'{key}' is no part of bool; it has {', '.join(known)}")
    parts = {key: [read(each, depth) for each in _list(value.get(key, []))] for key in known[:4]}
    needed = not parts["must"] and not parts["filter"]
    fewest = int(value.get("minimum_should_match", 1 if needed and parts["should"] else 0))
    return Bool(parts["must"], parts["should"], parts["must_not"], fewest, parts["filter"])


def _term(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single(value, "value")
    return Text(_text(wanted), (name,), exact=True)


def _terms(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single({key: each for key, each in value.items() if key != "boost"}, None)
    return Bool(should=[Text(_text(each), (name,), exact=True) for each in _list(wanted)], fewest=1)


def _match(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single(value, "query")
    told = value[name]
    every = isinstance(told, Mapping) and str(told.get("operator", "or")).lower() == "and"
    return Text(_text(wanted), (name,), every=every)


def _phrase(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single(value, "query")
    return Text(_text(wanted), (name,), phrase=True)


def _multi_match(value: Mapping[str, Json], depth: int) -> Clause:
    fields = tuple(str(name).partition("^")[0] for name in value.get("fields", ()))
    return Text(_text(value.get("query", "")), fields, every=str(value.get("operator", "or")).lower() == "and")


def _range(value: Mapping[str, Json], depth: int) -> Clause:
    name, bounds = _single(value, None)
    if not isinstance(bounds, Mapping) or not all(word in (*BOUNDS, "format", "boost", "time_zone") for word in bounds):
        raise QueryError(f"a range has bounds, any of {', '.join(BOUNDS)}")
    return Range(name, tuple((word, bound) for word, bound in bounds.items() if word in BOUNDS))


def _wildcard(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single(value, "value")
    return Pattern(_text(wanted), (name,))


def _prefix(value: Mapping[str, Json], depth: int) -> Clause:
    name, wanted = _single(value, "value")
    return Pattern(_text(wanted).replace("[", "[[]") + "*", (name,))


def _exists(value: Mapping[str, Json], depth: int) -> Clause:
    return Exists(str(value.get("field", "")))


def _nested(value: Mapping[str, Json], depth: int) -> Clause:
    return read(value.get("query", {}), depth)


def _constant(value: Mapping[str, Json], depth: int) -> Clause:
    return read(value.get("filter", {}), depth)


def _string(value: Mapping[str, Json], depth: int) -> Clause:
    return parse(_text(value.get("query", "")))


def _everything(value: Mapping[str, Json], depth: int) -> Clause:
    return Everything()


READERS: Mapping[str, Callable[[Mapping[str, Json], int], Clause]] = {
    "bool": _bool,
    "term": _term,
    "terms": _terms,
    "match": _match,
    "match_phrase": _phrase,
    "multi_match": _multi_match,
    "range": _range,
    "wildcard": _wildcard,
    "prefix": _prefix,
    "exists": _exists,
    "nested": _nested,
    "constant_score": _constant,
    "query_string": _string,
    "simple_query_string": _string,
    "match_all": _everything,
}


def _single(value: Mapping[str, Json], inside: str | None) -> tuple[str, Json]:
    if len(value) != 1:
        raise QueryError("one field is named here, with what is wanted of it")
    ((name, wanted),) = value.items()
    return str(name), wanted[inside] if inside and isinstance(wanted, Mapping) and inside in wanted else wanted


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
