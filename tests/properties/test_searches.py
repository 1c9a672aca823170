"""What the index finds is what looking at every document finds, whatever was written, forked and reset before."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from mockserver.search import dsl, lucene, order, ranking, vocabulary
from mockserver.search.clauses import Bool
from mockserver.search.order import key_of
from mockserver.world import descent
from mockserver.world.registry import Limits, Registry, Source
from tests.conversations.known import KNOWN
from tests.support import scanning
from tests.support.engines import ORIGIN, Caller, contract_of

Json = Any
WORDS = ["dim_agent", "agent", "shopify", "zebra", "table", "the", "summary", "PII", "data", "0", "ada", "maya", "Tier"]
FIELDS = ["name", "displayName", "description", "fullyQualifiedName", "columns.name", "tags.tagFQN", "owners.name"]
FIELDS += ["service.name", "entityType", "version", "deleted", "updatedAt", "columns", "tags", "domains.name", "href"]
FIELDS += ["columns.fullyQualifiedName.keyword", "votes.upVotes", "tableType", "serviceType", "nosuch"]
word, field = st.sampled_from(WORDS), st.sampled_from(FIELDS)
TERMS = st.one_of(
    word,
    st.builds("{}:{}".format, field, word),
    st.builds('"{} {}"'.format, word, word),
    st.builds('{}:"{} {}"'.format, field, word, word),
    st.builds("{}*".format, st.sampled_from(["d", "dim_a", "z", "sample", "0"])),
    st.builds(
        "{}*{}".format, st.sampled_from(["", "name:", "tags:"]), st.sampled_from(["t", "_agent", "ary", "0", "y"])
    ),
    st.builds("{}:*{}?".format, field, st.sampled_from(["gen", "t", "1", "e"])),
    st.builds("{}*{}*".format, st.sampled_from(["", "name:", "tags:"]), st.sampled_from(["gen", "_", "e", "ada"])),
    st.builds("_exists_:{}".format, field),
    st.builds("{}:[{} TO {}]".format, field, st.sampled_from(["*", "0.1", "a"]), st.sampled_from(["*", "0.2", "t"])),
    st.builds("{}^{}".format, word, st.sampled_from(["0", "0.1", "3"])),
)
QUERIES = st.recursive(
    st.one_of(TERMS, st.just("*")),
    lambda inner: st.one_of(
        st.builds("({} {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} -{})".format, inner, inner),
    ),
    max_leaves=4,
)
LEAVES = st.one_of(
    st.builds(lambda name, value: {"term": {name: value}}, field, word),
    st.builds(lambda name, value, other: {"match": {name: f"{value} {other}"}}, field, word, word),
    st.builds(lambda name, values: {"terms": {name: values}}, field, st.lists(word, max_size=3)),
    st.builds(
        lambda value, names: {"multi_match": {"query": value, "fields": names}}, word, st.lists(field, max_size=2)
    ),
    st.builds(lambda name, value: {"prefix": {name: value}}, field, word),
    st.just({"match_all": {}}),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda must, should, never, fewest: {
            "bool": {"must": must, "should": should, "must_not": never, "minimum_should_match": fewest}
        },
        st.lists(inner, max_size=2),
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=1),
        st.integers(0, 2),
    ),
    max_leaves=4,
)
TABLE, OTHER, SCHEMA = KNOWN["table"], KNOWN["dim_agent"], KNOWN["schema"]
TABLES, PEOPLE = st.sampled_from([TABLE, OTHER]), st.sampled_from([KNOWN["admin"], KNOWN["maya"], KNOWN["lars"]])


class Searched(RuleBasedStateMachine):
    """One world after another is written to, and searched with a query of its own after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.caller = Caller()
        # An index of its own: what is kept in one was made for as many at a time as were asked for then.
        root = self.caller.world.root._replace(descent=descent.Descent())
        self.registry = Registry(root, Limits(), lambda: 0.0)
        self.names = ["default"]
        self.made = 0

    def act(self, name: str, method: str, path: str, body: Json = None) -> None:
        self.caller.world = self.registry.find(name)
        self.caller.reply(method, path, body)

    @rule(at=st.integers(0, 9), name=st.sampled_from(["zebra", "zebra_table", "agent 0"]), text=st.sampled_from(WORDS))
    def put(self, at: int, name: str, text: str) -> None:
        columns = [{"name": text, "dataType": "INT"}]
        body = {"name": name, "databaseSchema": "sample_data.ecommerce_db.shopify", "columns": columns}
        self.act(self.at(at), "PUT", "/tables", {**body, "description": f"the {text}"})

    @rule(at=st.integers(0, 9), table=TABLES, path=st.sampled_from(["/description", "/displayName"]), text=word)
    def describe(self, at: int, table: str, path: str, text: str) -> None:
        self.act(self.at(at), "PATCH", f"/tables/{table}", [{"op": "add", "path": path, "value": text}])

    @rule(
        at=st.integers(0, 9), person=PEOPLE, place=st.sampled_from([f"/tables/{TABLE}", f"/databaseSchemas/{SCHEMA}"])
    )
    def own(self, at: int, person: str, place: str) -> None:
        owners = [{"id": person, "type": "user"}]
        self.act(self.at(at), "PATCH", place, [{"op": "add", "path": "/owners", "value": owners}])

    @rule(at=st.integers(0, 9), table=TABLES, tag=st.sampled_from(["PII.Sensitive", "Tier.Tier1"]))
    def label(self, at: int, table: str, tag: str) -> None:
        value = [{"tagFQN": tag, "source": "Classification", "labelType": "Manual", "state": "Confirmed"}]
        self.act(self.at(at), "PATCH", f"/tables/{table}", [{"op": "add", "path": "/tags", "value": value}])

    @rule(
        at=st.integers(0, 9),
        tag=st.sampled_from(["PII.Sensitive", "Tier.Tier1"]),
        path=st.sampled_from(["/displayName", "/name"]),
        text=word,
    )
    def relabel(self, at: int, tag: str, path: str, text: str) -> None:
        name = self.at(at)
        self.caller.world = self.registry.find(name)
        reply = self.caller.reply("GET", f"/tags/name/{tag}")
        if reply.status == 200:
            id = orjson.loads(reply.body)["id"]
            self.act(name, "PATCH", f"/tags/{id}", [{"op": "add", "path": path, "value": text}])

    @rule(at=st.integers(0, 9), table=TABLES, kind=st.sampled_from(["votedUp", "votedDown", "unVoted"]))
    def vote(self, at: int, table: str, kind: str) -> None:
        self.act(self.at(at), "PUT", f"/tables/{table}/vote", {"updatedVoteType": kind})

    @rule(
        at=st.integers(0, 9),
        place=st.sampled_from(
            [f"/tables/{TABLE}", f"/tables/{OTHER}", f"/users/{KNOWN['maya']}", f"/databaseSchemas/{SCHEMA}"]
        ),
        hard=st.booleans(),
    )
    def delete(self, at: int, place: str, hard: bool) -> None:
        self.act(self.at(at), "DELETE", f"{place}?recursive=true&hardDelete={str(hard).lower()}")

    @rule(at=st.integers(0, 9), table=TABLES)
    def restore(self, at: int, table: str) -> None:
        self.act(self.at(at), "PUT", "/tables/restore", {"id": table})

    @rule(at=st.integers(0, 9))
    def fork(self, at: int) -> None:
        self.made += 1
        self.registry.create(f"fork-{self.made}", Source(world=self.at(at)))
        self.names.append(f"fork-{self.made}")

    @rule(at=st.integers(0, 9))
    def reset(self, at: int) -> None:
        self.registry.find(self.at(at)).reset()

    @rule(at=st.integers(0, 9), back=st.booleans())
    def snapshot(self, at: int, back: bool) -> None:
        world = self.registry.find(self.at(at))
        if not back or not world.restore("kept"):
            world.snapshot("kept")

    @rule(
        at=st.integers(0, 9),
        q=QUERIES,
        filter=st.one_of(st.none(), FILTERS),
        deleted=st.booleans(),
        sort=st.one_of(st.none(), field),
        falling=st.booleans(),
        start=st.sampled_from([0, 1, 3, 17, 60]),
        counted=field,
    )
    def search(
        self, at: int, q: str, filter: Json, deleted: bool, sort: str | None, falling: bool, start: int, counted: str
    ) -> None:
        self.caller.world = world = self.registry.find(self.at(at))
        query = f"index=all&q={quote(q)}&deleted={str(deleted).lower()}&size=100"
        clause = lucene.parse(q)
        if filter is not None:
            query += f"&query_filter={quote(orjson.dumps(filter).decode())}"
            clause = Bool(must=[clause], silent=[dsl.read(filter)])
        there = list(scanning.documents(contract_of("docs"), world, f"{ORIGIN}/api", deleted=deleted))
        expected = scanning.found(clause, there)
        best = max((score for score, _ in expected), default=None)
        buckets = sorted(scanning.counted(expected, counted).items(), key=lambda each: (-each[1], each[0]))
        sorting = "" if sort is None else f"&sort_field={sort}&sort_order={'desc' if falling else 'asc'}"
        page = expected if sort is None else scanning.ordered(expected, sort, falling=falling)

        answer = self.caller.ask("GET", f"/search/query?{query}{sorting}&from={start}")["hits"]
        assert answer["total"]["value"] == len(expected)
        assert answer["max_score"] == best
        assert [(hit["_score"], hit["_id"]) for hit in answer["hits"]] == [(score, each.id) for score, each in page][
            start : start + 100
        ]
        assert [hit["_source"] for hit in answer["hits"]] == [
            orjson.loads(orjson.dumps(each.source)) for _, each in page
        ][start : start + 100]
        if sort is not None and page:
            last = page[len(page) // 2][1].raw(sort)[:1] or [""]
            key = key_of(last)
            behind = [
                each for _, each in page if (key_of(each.raw(sort)) < key if falling else key_of(each.raw(sort)) > key)
            ]
            after = self.caller.ask("GET", f"/search/query?{query}{sorting}&search_after={quote(str(last[0]))}")["hits"]
            assert (
                last[0] in ("", True, False)
                or [hit["_id"] for hit in after["hits"]] == [each.id for each in behind][:100]
            )
        told = self.caller.ask("GET", f"/search/aggregate?field={counted}&{query}")["aggregations"]
        assert [(each["key"], each["doc_count"]) for each in told[f"sterms#{counted}"]["buckets"]] == buckets[:100]

    def at(self, at: int) -> str:
        return self.names[at % len(self.names)]


@pytest.mark.parametrize(("steps", "together"), [(2, 1), (descent.MOST_STEPS, 3), (descent.MOST_STEPS, 1000)])
def test_the_index_finds_what_looking_at_everything_finds(
    steps: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many steps back what was worked out is, and however many documents are passed by at once."""
    monkeypatch.setattr(descent, "MOST_STEPS", steps)
    for module, name in ((order, "TOGETHER"), (ranking, "TOGETHER"), (ranking, "MANY"), (vocabulary, "BLOCK")):
        monkeypatch.setattr(module, name, together)
    run_state_machine_as_test(Searched, settings=settings(deadline=None, max_examples=20, stateful_step_count=15))
