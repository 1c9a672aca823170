"""The behaviours that a contract can name, and what it must say for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# Methods that change nothing, as HTTP has it: they are answered without asking whether a store agrees.
SAFE = frozenset(("get", "head", "options"))


class Verb(NamedTuple):
    """`resource`: it works on one; `writes`: it may change the world; `settings`: what may stand beside `use`.

    A `relation` must, unless it is `optional`.
    """

    resource: bool = True
    writes: bool = False
    settings: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


VERBS: Mapping[str, Verb] = {
    "list": Verb(),
    "searchList": Verb(),
    "create": Verb(writes=True, settings=("needs",)),
    "upsert": Verb(writes=True, settings=("needs",)),
    "bulk": Verb(writes=True),
    "deleteStale": Verb(writes=True),
    "read": Verb(settings=("by",)),
    "patch": Verb(writes=True, settings=("by", "plainTag")),
    "delete": Verb(writes=True, settings=("by", "where", "aside")),
    "restore": Verb(writes=True),
    "versions": Verb(),
    "version": Verb(),
    "relate": Verb(writes=True, settings=("relation", "answer")),
    "unrelate": Verb(writes=True, settings=("relation", "answer", "member")),
    "vote": Verb(writes=True, settings=("relation", "answer")),
    "enrol": Verb(writes=True, settings=("relation",)),
    "discharge": Verb(writes=True, settings=("relation", "member")),
    "connect": Verb(resource=False, writes=True, settings=("graph",)),
    "disconnect": Verb(resource=False, writes=True, settings=("graph",)),
    "disconnectSource": Verb(resource=False, writes=True, settings=("graph",)),
    "patchEdge": Verb(resource=False, writes=True, settings=("graph",)),
    "edge": Verb(resource=False, settings=("graph",)),
    "graph": Verb(resource=False, settings=("graph",)),
    "observe": Verb(writes=True, settings=("graph", "jobs", "keeper", "of", "field", "setting", "listed")),
    "explore": Verb(resource=False, settings=("graph",)),
    "gather": Verb(writes=True, settings=("relation",), optional=("relation",)),
    "dismiss": Verb(writes=True, settings=("relation",), optional=("relation",)),
    "members": Verb(settings=("by", "relation", "whole"), optional=("relation",)),
    "sides": Verb(settings=("sides",)),
    "tallies": Verb(),
    "digest": Verb(settings=("member",)),
    "incidents": Verb(settings=("what",)),
    "changeIncidents": Verb(writes=True, settings=("what",)),
    "errands": Verb(settings=("what",)),
    "changeErrands": Verb(writes=True, settings=("what",)),
    "borrow": Verb(writes=True, settings=("by", "listed", "relation", "unless", "change")),
    "giveBack": Verb(writes=True, settings=("by", "member", "relation", "unless", "change")),
    "part": Verb(settings=("field", "listed", "answer", "by", "absent")),
    "attach": Verb(writes=True, settings=("field", "listed", "owner", "answer", "by")),
    "detach": Verb(writes=True, settings=("field", "listed", "owner", "member", "answer", "by")),
    "sole": Verb(settings=("relation",)),
    "setSole": Verb(writes=True, settings=("relation",)),
    "dropSole": Verb(writes=True, settings=("relation",)),
    "picks": Verb(settings=("field", "where", "marks")),
    "setPick": Verb(writes=True, settings=("field", "where", "marks")),
    "dropPick": Verb(writes=True, settings=("field", "where", "marks", "member")),
    "points": Verb(settings=("series", "bounds")),
    "point": Verb(settings=("series", "member")),
    "latest": Verb(settings=("series", "answer")),
    "survey": Verb(settings=("sides",)),
    "addPoints": Verb(writes=True, settings=("series", "answer", "of")),
    "patchPoint": Verb(writes=True, settings=("series",)),
    "removePoints": Verb(writes=True, settings=("series",)),
    "join": Verb(writes=True, settings=("field", "graph", "by", "answer")),
    "pieces": Verb(settings=("field", "by")),
    "amend": Verb(writes=True, settings=("field",)),
    "assign": Verb(writes=True, settings=("field",)),
    "fields": Verb(settings=("field", "by")),
    "additions": Verb(settings=("field",)),
    "report": Verb(resource=False, writes=True, settings=("series",)),
    "usages": Verb(resource=False, settings=("series",)),
    "rank": Verb(resource=False, writes=True, settings=("series",)),
    "enlist": Verb(writes=True, settings=("relation", "field"), optional=("relation",)),
    "delist": Verb(writes=True, settings=("relation", "field"), optional=("relation",)),
    "canned": Verb(settings=("by",)),
    "toggle": Verb(writes=True, settings=("field",)),
    "partner": Verb(settings=("relation",)),
    "judge": Verb(writes=True, settings=("relation", "series"), optional=("relation",)),
    "rehearse": Verb(),
    "notate": Verb(settings=("by",)),
    "adopt": Verb(writes=True, settings=("relation", "schema")),
    "outline": Verb(settings=("schema",)),
    "trial": Verb(settings=("schema",)),
    "search": Verb(resource=False, settings=("aliases",)),
    "searchField": Verb(resource=False, settings=("aliases",)),
    "suggest": Verb(resource=False, settings=("aliases",)),
    "tabulate": Verb(settings=("aliases",)),
    "exportCsv": Verb(settings=("job",)),
    "importCsv": Verb(writes=True, settings=("job",)),
    "describeCsv": Verb(),
    "permissions": Verb(resource=False),
    "condition": Verb(),
    "functions": Verb(resource=False),
    "governed": Verb(resource=False),
    "account": Verb(settings=("does",)),
    "changeAccount": Verb(writes=True, settings=("does",)),
    "settings": Verb(settings=("field", "of")),
    "setting": Verb(settings=("field", "of")),
    "setSetting": Verb(writes=True, settings=("field", "of")),
    "patchSetting": Verb(writes=True, settings=("field", "of")),
    "census": Verb(resource=False, settings=("counts",)),
    "keySet": Verb(resource=False),
    "hierarchy": Verb(settings=("relation",)),
    "below": Verb(settings=("shows",)),
    "above": Verb(),
    "forest": Verb(settings=("relation", "shows")),
    "values": Verb(settings=("field",)),
    "events": Verb(resource=False),
    "threads": Verb(settings=("what",)),
    "converse": Verb(writes=True, settings=("what", "answer")),
    "told": Verb(settings=("what", "by")),
    "tell": Verb(writes=True, settings=("what", "by")),
    "whoami": Verb(),
    "example": Verb(resource=False),
}
