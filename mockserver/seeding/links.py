"""Ties the records of a draft together, each relation with its other end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.labels import Key, links_of
from mockserver.contract.pointer import escape
from mockserver.contract.problem import listed, nearest, shown
from mockserver.contract.relation import Relation
from mockserver.seeding.draft import Draft
from mockserver.seeding.entries import Entry
from mockserver.world.links import Links

Json = Any
VOTES = ("votedUp", "votedDown")


def tie_all(draft: Draft) -> dict[tuple[str, str], Links]:
    """The links that all entries of a draft ask for, by record and relation."""
    web: dict[tuple[str, str], Links] = {}
    for entry in draft.entries:
        relations = draft.shapes[entry.resource.name].relations
        naming = entry.resource.naming
        if naming.parents and not naming.optional and naming.parent(entry.value) is None:
            needed = " or ".join(f"'{parent}'" for parent in naming.parents)
            draft.report.on(entry, "", f"a record of {entry.resource.name} needs its {needed}")
        for name, given in entry.value.items():
            relation = relations.get(name)
            if relation is None:
                continue
            for target, value in targets(draft, entry, relation, given).items():
                if relation.inverse is None:
                    web.setdefault((entry.id, name), {})[target] = value
                else:
                    web.setdefault((target, relation.inverse), {})[entry.id] = value
    for entry in draft.entries:
        for name, relation in draft.shapes[entry.resource.name].relations.items():
            if relation.along and (entry.id, name) not in web:
                follow(web, entry.id, relation)
        if links := _labels(draft, entry):
            assert draft.contract.labels is not None
            web[entry.id, draft.contract.labels.relation] = links
    return web


def follow(web: dict[tuple[str, str], Links], id: str, relation: Relation) -> Links:
    """Ties a record as the one is tied that it goes along with, however far up."""
    found = web.get((id, relation.name))
    if found is None:
        links = [follow(web, other, relation) for other in web.get((id, str(relation.along)), ())]
        found = {target: value for each in links for target, value in each.items()}
        if found:
            web[id, relation.name] = found
    return found


def _labels(draft: Draft, entry: Entry) -> Links:
    """The links that a record's labels make; a label of what is not there is noted."""
    labels, record = draft.contract.labels, entry.record
    if labels is None or record is None or not entry.resource.labelled:
        return {}
    kinds = labels.kinds

    def find(key: Key) -> str | None:
        found = draft.id_of(kinds.get(key[0], ""), key[1])
        if found is None and key[0] in kinds:
            known = draft.names_of(kinds[key[0]])
            kind = draft.contract.resources[kinds[key[0]]].entity
            draft.report.on(
                entry, "", f"it bears a label, but there is no {kind} {shown(key[1])}", nearest(key[1], known)
            )
        return found

    return links_of(draft.contract, record, find)


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
