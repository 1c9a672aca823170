"""Ties the records of a draft together, each relation with its other end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rpds import HashTrieMap

from mockserver.contract.model import Relation
from mockserver.contract.pointer import escape
from mockserver.contract.problem import listed, nearest
from mockserver.seeding.draft import Draft
from mockserver.seeding.entries import Entry
from mockserver.world.links import Links

Json = Any
VOTES = ("votedUp", "votedDown")


class Web:
    """All links, by record and relation, and the same seen from their other ends."""

    def __init__(self) -> None:
        self.links: dict[tuple[str, str], Links] = {}
        self.backlinks: dict[tuple[str, str], dict[str, None]] = {}

    def tie(self, source: str, relation: str, target: str, value: Json) -> None:
        self.links.setdefault((source, relation), {})[target] = value
        self.backlinks.setdefault((target, relation), {})[source] = None

    def frozen_backlinks(self) -> HashTrieMap[tuple[str, str], HashTrieMap[str, None]]:
        return HashTrieMap({key: HashTrieMap(sources) for key, sources in self.backlinks.items()})


def tie_all(draft: Draft) -> Web:
    """The links that all entries of a draft ask for."""
    web = Web()
    for entry in draft.entries:
        relations = draft.shapes[entry.resource.name].relations
        parent = entry.resource.parent
        if parent is not None and entry.value.get(parent) is None:
            draft.report.on(entry, "", f"a record of {entry.resource.name} needs its '{parent}'")
        for name, given in entry.value.items():
            relation = relations.get(name)
            if relation is None:
                continue
            for target, value in targets(draft, entry, relation, given).items():
                if relation.inverse is None:
                    web.tie(entry.id, name, target, value)
                else:
                    web.tie(target, relation.inverse, entry.id, value)
    return web


def targets(draft: Draft, entry: Entry, relation: Relation, value: Json, at: str = "") -> Links:
    """What the value of a relation's field leads to, by id; what leads nowhere is noted."""
    at = f"{at}/{escape(relation.name)}"
    if value is None:
        return {}
    if relation.tally:
        return _votes(draft, entry, relation, value, at)
    if not (relation.many or relation.inverse):
        found = draft.find(entry, relation, value, at)
        return {} if found is None else {found.id: None}
    if not isinstance(value, list):
        draft.report.on(entry, at, f"'{relation.name}' is a list of references")
        return {}
    links: Links = {}
    for position, item in enumerate(value):
        found = draft.find(entry, relation, item, f"{at}/{position}")
        if found is not None:
            if found.id in links:
                draft.report.on(entry, f"{at}/{position}", f"'{found.name}' is in this list already")
            links[found.id] = None
    return links


def _votes(draft: Draft, entry: Entry, relation: Relation, value: Json, at: str) -> Links:
    if not isinstance(value, Mapping):
        draft.report.on(entry, at, f"'{relation.name}' is an object: who voted, and {listed(VOTES)}")
        return {}
    links: Links = {}
    for voter, vote in value.items():
        here = f"{at}/{escape(voter)}"
        found = draft.find(entry, relation, voter, here)
        if vote not in VOTES:
            draft.report.on(entry, here, f"a vote is {listed(VOTES)}", nearest(str(vote), VOTES))
        elif found is not None and found.id in links:
            draft.report.on(entry, here, f"'{found.name}' has voted already")
        elif found is not None:
            links[found.id] = vote
    return links
