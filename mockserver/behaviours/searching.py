"""The verbs that search: records as documents, found by a query, ranked, and counted by field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import log1p
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living
from mockserver.contract.model import Resource
from mockserver.contract.problem import nearest
from mockserver.exchange import Problem, Violation
from mockserver.search import dsl
from mockserver.search.clauses import Bool, Clause, Text
from mockserver.search.documents import Document
from mockserver.search.lucene import QueryError, parse

Json = Any
Hit = tuple[float, Document]
INDEX = "_search_index"
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
BY_SCORE = "_score"


def search(context: Context) -> Answer:
    """A page of hits in Elasticsearch's shape."""
    arguments = context.arguments
    hits = _found(context, _query(context))
    body = _answer(context, hits)
    if "field" in arguments:
        body["aggregations"] = _counted(hits, str(arguments["field"]), int(arguments.get("size", 10)))
    return Answer(200, body)


def search_field(context: Context) -> Answer:
    """Records whose field has this value, or a value that fits its wildcards."""
    name, wanted = str(context.arguments["fieldName"]), str(context.arguments["fieldValue"])
    clause: Clause = Text(wanted, (name,), exact=True)
    if "*" in wanted or "?" in wanted:
        clause = dsl.read({"wildcard": {name: wanted}})
    return Answer(200, _answer(context, _found(context, clause)))


def suggest(context: Context) -> Answer:
    """Records whose name begins with, or holds a word that begins with, what was typed so far."""
    typed = str(context.arguments.get("q", "")).strip().rstrip("*")
    escaped = typed.replace("[", "[[]")
    clause = dsl.read({"bool": {"should": [{"prefix": {name: escaped}} for name in ("name", "displayName")]}})
    hits = _found(context, clause) if typed else []
    options = [
        {"text": hit[1].source.get("name"), **_shown(context, hit, BY_SCORE)}
        for hit in hits[: int(context.arguments.get("size", 10))]
    ]
    entry = {"text": typed, "offset": 0, "length": len(typed), "options": options}
    return Answer(200, {"suggest": {"metadata-suggest": [entry]}})


def _answer(context: Context, hits: list[Hit]) -> dict[str, Json]:
    """The page of hits that is asked for, in Elasticsearch's shape."""
    page, order = _page(context, hits)
    return {
        "took": 1,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {
            "total": {"value": len(hits), "relation": "eq"},
            "max_score": max((score for score, _ in hits), default=None),
            "hits": [_shown(context, hit, order) for hit in page],
        },
    }


def _query(context: Context) -> Clause:
    """The query and the filters of a request together; what cannot be read is a 400."""
    arguments = context.arguments
    clauses = [_read(context, "q", parse, str(arguments.get("q", "")))]
    for name in ("query_filter", "post_filter"):
        text = str(arguments.get(name, "")).strip()
        if text:
            clauses.append(_read(context, name, _filter, text))
    return clauses[0] if len(clauses) == 1 else Bool(must=clauses[:1], silent=clauses[1:])


def _read(context: Context, name: str, reader: Any, text: str) -> Clause:
    try:
        clause: Clause = reader(text)
    except (QueryError, ValueError) as error:
        raise Problem.of([Violation(f"query {name}", str(error))]) from None
    return clause


def _filter(text: str) -> Clause:
    value = orjson.loads(text)
    return dsl.read(value["query"] if isinstance(value, dict) and "query" in value else value)


def _found(context: Context, clause: Clause) -> list[Hit]:
    """All documents that match, the best first; votes and use raise what matches alike."""
    found = []
    for document in _documents(context):
        score = clause.score(document)
        if score:
            found.append((score + _popularity(document.source), document))
    return sorted(found, key=lambda hit: (-hit[0], str(hit[1].source.get("name", "")), hit[1].id))


def _popularity(source: Mapping[str, Json]) -> float:
    votes = source.get("votes") or {}
    used = ((source.get("usageSummary") or {}).get("weeklyStats") or {}).get("count", 0)
    return float(log1p(max(votes.get("upVotes", 0) - votes.get("downVotes", 0), 0)) + log1p(used))


def _documents(context: Context) -> Iterator[Document]:
    deleted, hides = bool(context.arguments.get("deleted", False)), context.dialect.hides(context)
    for resource in _resources(context):
        index = index_of(resource)
        for record in living(context.world, resource.name, deleted=deleted):
            if hides is not None and hides(record):
                continue
            members = context.dialect.view(context, record).members
            yield Document(record.id, index, {**members, "entityType": resource.entity})


def _resources(context: Context) -> list[Resource]:
    """The resources that an index, an alias or several of them, with commas between, stand for."""
    aliases: Mapping[str, list[str]] = context.operation.settings.get("aliases", {})
    by_entity = context.contract.by_entity
    known = {index_of(each): each for each in by_entity.values()}
    found: dict[str, Resource] = {}
    for word in str(context.arguments.get("index", "all")).split(","):
        name = word.strip()
        if name in ("all", "*"):
            return list(by_entity.values())
        if name in aliases:
            found |= {entity: by_entity[entity] for entity in aliases[name] if entity in by_entity}
        elif name in by_entity or name in known:
            resource = by_entity.get(name) or known[name]
            found[resource.entity] = resource
        else:
            meant = nearest(name, [*known, *aliases, *by_entity])
            hint = f"; did you mean '{meant}'?" if meant else ""
            raise Problem.of([Violation("query index", f"there is no index '{name}'{hint}")])
    return list(found.values())


def index_of(resource: Resource) -> str:
    """The name of the index in which a resource's documents are."""
    return f"{CAPITAL.sub('_', resource.entity).lower()}{INDEX}"


def _page(context: Context, hits: list[Hit]) -> tuple[list[Hit], str]:
    """The hits of the page that is asked for, and the field they are ordered by."""
    arguments = context.arguments
    order = str(arguments.get("sort_field", BY_SCORE))
    if order != BY_SCORE:
        falling = str(arguments.get("sort_order", "desc")) == "desc"
        hits = sorted(hits, key=lambda hit: _sorting(hit[1], order), reverse=falling)
        hits = _after(arguments.get("search_after"), hits, order, falling=falling)
    start = int(arguments.get("from", 0))
    return hits[start : start + int(arguments.get("size", 10))], order


def _after(after: Json, hits: list[Hit], order: str, *, falling: bool) -> list[Hit]:
    """What comes behind the last hit of the page before."""
    if not after:
        return hits
    text = str(after[-1] if isinstance(after, list) else after)
    last = _key(float(text) if NUMBER.fullmatch(text) and _is_number(hits, order) else text)
    keys = [(hit, _sorting(hit[1], order)) for hit in hits]
    return [hit for hit, key in keys if (key < last if falling else key > last)]


def _is_number(hits: list[Hit], order: str) -> bool:
    """Whether hits are ordered by numbers, so that a text that looks like one is one."""
    return any(isinstance(value, int | float) for _, document in hits for value in document.raw(order)[:1])


def _sorting(document: Document, name: str) -> tuple[float, str]:
    return _key(next(iter(document.raw(name)), ""))


def _key(value: Json) -> tuple[float, str]:
    """What a value is ordered by: numbers by themselves, everything else as a text without upper case."""
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value).casefold())


def _shown(context: Context, hit: Hit, order: str) -> dict[str, Json]:
    score, document = hit
    wanted = context.arguments.get("include_source_fields")
    source: Mapping[str, Json] = document.source
    if wanted:
        names = wanted if isinstance(wanted, list) else str(wanted).split(",")
        source = {name: source[name] for name in names if name in source}
    shown = {"_index": document.index, "_type": "_doc", "_id": document.id, "_score": score, "_source": source}
    if order != BY_SCORE:
        shown["sort"] = [str(value).casefold() for value in document.raw(order)[:1]]
    return shown


def _counted(hits: list[Hit], field: str, size: int) -> dict[str, Json]:
    """How many hits have each value of a field, the most common first."""
    counts: Counter[str] = Counter()
    for _, document in hits:
        counts.update({str(value) for value in document.raw(field)})
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    buckets = [{"key": key, "doc_count": count} for key, count in ranked[:size]]
    rest = sum(count for _, count in ranked[size:])
    told = {"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": buckets}
    return {f"sterms#{field}": told}
