"""The verbs that search: records as documents, found by a query, ranked, and counted by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.indexing import index_of
from mockserver.behaviours.kinship import hidden, kin_of
from mockserver.contract.model import Resource
from mockserver.contract.problem import nearest
from mockserver.exchange import Problem, Violation
from mockserver.search import bits, dsl
from mockserver.search.bits import Bits
from mockserver.search.clauses import Bool, Clause, Text
from mockserver.search.documents import ENTITY, Document
from mockserver.search.lucene import QueryError, parse
from mockserver.search.matching import Sight, any_of, scores
from mockserver.search.order import Key, key_of
from mockserver.search.ranking import Hit, Ranking
from mockserver.search.segment import Segment

Json = Any
INDEX = "_search_index"
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
BY_SCORE = "_score"


def search(context: Context) -> Answer:
    """A page of hits in Elasticsearch's shape."""
    arguments = context.arguments
    found = found_by(context, _query(context))
    body = _answer(context, found)
    if "field" in arguments:
        body["aggregations"] = _counted(found, str(arguments["field"]), int(arguments.get("size", 10)))
    return Answer(200, body)


def search_field(context: Context) -> Answer:
    """Records whose field has this value, or a value that fits its wildcards."""
    name, wanted = str(context.arguments["fieldName"]), str(context.arguments["fieldValue"])
    clause: Clause = Text(wanted, (name,), exact=True)
    if "*" in wanted or "?" in wanted:
        clause = dsl.read({"wildcard": {name: wanted}})
    return Answer(200, _answer(context, found_by(context, clause)))


def suggest(context: Context) -> Answer:
    """Records whose name begins with, or holds a word that begins with, what was typed so far."""
    typed = str(context.arguments.get("q", "")).strip().rstrip("*")
    escaped = typed.replace("[", "[[]")
    clause = dsl.read({"bool": {"should": [{"prefix": {name: escaped}} for name in ("name", "displayName")]}})
    hits = found_by(context, clause).by_score(0, int(context.arguments.get("size", 10))) if typed else []
    options = [{"text": hit.document.source.get("name"), **_shown(context, hit, BY_SCORE)} for hit in hits]
    entry = {"text": typed, "offset": 0, "length": len(typed), "options": options}
    return Answer(200, {"suggest": {"metadata-suggest": [entry]}})


def matching_ids(context: Context) -> frozenset[str] | None:
    """The records of the resource, deleted or not, that `q` and `queryString` find; None where neither is said."""
    arguments, clauses = context.arguments, []
    for name, reader in (("q", parse), ("queryString", _filter)):
        text = str(arguments.get(name, "")).strip()
        if text:
            clauses.append(_read(context, name, reader, text))
    if not clauses:
        return None
    found: set[str] = set()
    for segment, there in index_of(context).parts:
        kinds = any_of({kind: some for kind, some in segment.kinds.items() if kind.entity == context.resource.entity})
        sight = _sight(context, segment, there)
        met = any_of(scores(Bool(must=clauses), sight, there & kinds))
        found.update(segment.entries[at].record.id for at in bits.each(met))
    return frozenset(found)


def filtered(context: Context, name: str) -> Clause | None:
    """The clause in an argument that holds a query in either language; None where there is none."""
    text = str(context.arguments.get(name, "")).strip()
    if not text:
        return None
    return _read(context, name, _filter if text.startswith("{") else parse, text)


def _answer(context: Context, found: Ranking) -> dict[str, Json]:
    """The page of hits that is asked for, in Elasticsearch's shape."""
    arguments = context.arguments
    order = str(arguments.get("sort_field", BY_SCORE))
    start, count = int(arguments.get("from", 0)), int(arguments.get("size", 10))
    if order == BY_SCORE:
        hits = found.by_score(start, count)
    else:
        falling = str(arguments.get("sort_order", "desc")) == "desc"
        after = _after(arguments.get("search_after"), found, order)
        hits = list(found.by_field(order, start, count, falling=falling, after=after))
    return {
        "took": 1,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {
            "total": {"value": found.total, "relation": "eq"},
            "max_score": found.best,
            "hits": [_shown(context, hit, order) for hit in hits],
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


def found_by(context: Context, clause: Clause) -> Ranking:
    """All documents that match; those of the index are asked together, and shown as they are now."""
    deleted, hides = bool(context.arguments.get("deleted", False)), context.dialect.hides(context)
    resources = {resource.entity: resource for resource in _resources(context)}
    found = []
    for segment, there in index_of(context).parts:
        wanted = segment.deleted if deleted else ~segment.deleted
        kinds = any_of({kind.entity: some for kind, some in segment.kinds.items() if kind.entity in resources})
        sight = _sight(context, segment, there)
        among = there & wanted & kinds
        if hides is not None:
            among &= ~hidden(context, segment, among, hides)
        found.append((sight, scores(clause, sight, among)))
    return Ranking(found)


def _sight(context: Context, segment: Segment, there: Bits) -> Sight:
    return Sight(segment, partial(_document, context, segment), partial(kin_of, context, segment, there))


def _document(context: Context, segment: Segment, number: int) -> Document:
    """A document as it is shown now."""
    record = segment.entries[number].record
    resource = context.contract.resources[record.resource]
    members = {**context.dialect.view(context, record).members, **context.dialect.searched(context, record)}
    return Document(record.id, index_name(resource), {**members, ENTITY: resource.entity})


def _resources(context: Context) -> list[Resource]:
    """The resources that an index, an alias or several of them, with commas between, stand for."""
    aliases: Mapping[str, list[str]] = context.operation.settings.get("aliases", {})
    by_entity = context.contract.by_entity
    known = {index_name(each): each for each in by_entity.values()}
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


def index_name(resource: Resource) -> str:
    """The name of the index in which a resource's documents are."""
    return f"{CAPITAL.sub('_', resource.entity).lower()}{INDEX}"


def _after(after: Json, found: Ranking, order: str) -> Key | None:
    """What the last hit of the page before was ordered by."""
    if not after:
        return None
    text = str(after[-1] if isinstance(after, list) else after)
    return key_of([float(text) if NUMBER.fullmatch(text) and found.is_number(order) else text])


def _shown(context: Context, hit: Hit, order: str) -> dict[str, Json]:
    document = hit.document
    wanted = context.arguments.get("include_source_fields")
    source: Mapping[str, Json] = document.source
    if wanted:
        names = wanted if isinstance(wanted, list) else str(wanted).split(",")
        source = {name: source[name] for name in names if name in source}
    shown = {"_index": document.index, "_type": "_doc", "_id": document.id, "_score": hit.score, "_source": source}
    if order != BY_SCORE:
        shown["sort"] = [str(value).casefold() for value in document.raw(order)[:1]]
    return shown


def _counted(found: Ranking, field: str, size: int) -> dict[str, Json]:
    """How many hits have each value of a field, the most common first."""
    best, rest = found.counted(field, size)
    buckets = [{"key": key, "doc_count": count} for key, count in best]
    told = {"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": buckets}
    return {f"sterms#{field}": told}
