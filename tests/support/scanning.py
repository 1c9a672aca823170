"""Searching as it is meant: every document is looked at, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log1p
from typing import Any

from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.beside import searched
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.search.clauses import Clause
from mockserver.search.documents import Document
from mockserver.search.order import key_of
from mockserver.world.world import World

Json = Any
Hit = tuple[float, Document]


def documents(contract: Contract, world: World, home: str, *, deleted: bool) -> Iterator[Document]:
    """All that can be found, as it is shown."""
    there = world.begin()
    for resource in contract.by_entity.values():
        for _, id in there.keys(resource.name, deleted):
            record = there.record(id)
            assert record is not None
            shown, also = OpenMetadata().show(there, contract, record, home), searched(there, contract, record, home)
            yield Document(id, resource.entity, {**shown, **also, "entityType": resource.entity})


def found(clause: Clause, there: list[Document]) -> list[Hit]:
    """What matches, the best first."""
    hits = [(score + popularity(each), each) for each in there if (score := clause.score(each))]
    return sorted(hits, key=lambda hit: (-hit[0], str(hit[1].source.get("name", "")), hit[1].id))


def popularity(document: Document) -> float:
    votes = document.source.get("votes") or {}
    used = ((document.source.get("usageSummary") or {}).get("weeklyStats") or {}).get("count", 0)
    return float(log1p(max(votes.get("upVotes", 0) - votes.get("downVotes", 0), 0)) + log1p(used))


def ordered(hits: list[Hit], name: str, *, falling: bool) -> list[Hit]:
    """Hits in the order of a field; equals stay as they are."""
    return sorted(hits, key=lambda hit: key_of(hit[1].raw(name)), reverse=falling)


def counted(hits: list[Hit], name: str) -> Counter[str]:
    """In how many hits each value of a field stands."""
    counts: Counter[str] = Counter()
    for _, document in hits:
        counts.update({str(value) for value in document.raw(name)})
    return counts
