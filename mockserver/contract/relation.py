"""How a resource is tied to others."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from mockserver.contract.manners import Sort, read_sort

Json = Any


class Relation(NamedTuple):
    """How a resource is tied to others, under the field name that answers show it by.

    A stored relation has `to`; one with `via` is read through others, one with `inverse` from its other end.
    """

    name: str
    to: tuple[str, ...] = ()
    many: bool = False
    parent: bool = False
    beside: bool = False
    tally: bool = False
    via: tuple[str, ...] = ()
    inverse: str | None = None
    of: tuple[str, ...] = ()
    only_asked: bool = False
    fallback: str | None = None
    volatile: bool = False
    hidden: bool = False
    along: str | None = None
    inherits: tuple[str, ...] = ()
    mutual: bool = False
    within: bool = False
    sort: Sort | None = None

    @property
    def stored(self) -> bool:
        return bool(self.to)


def read_relation(name: str, declared: Mapping[str, Json], beside: AbstractSet[str]) -> Relation:
    return Relation(
        name,
        to=tuple(declared.get("to", ())),
        many=declared.get("many", False),
        parent=declared.get("parent", False),
        beside=declared.get("beside", False),
        tally=declared.get("tally", False),
        via=tuple(declared.get("via", ())),
        inverse=declared.get("inverse"),
        of=tuple(declared.get("of", ())),
        only_asked=declared.get("onlyAsked", False),
        fallback=declared.get("fallback"),
        volatile=declared.get("beside", False) or declared.get("inverse") in beside,
        **{key: declared[key] for key in ("hidden", "along", "mutual", "within") if key in declared},
        inherits=tuple(declared.get("inherits", ())),
        sort=read_sort(declared.get("sort")),
    )
