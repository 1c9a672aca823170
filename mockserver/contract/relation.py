"""How a resource is tied to others."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from mockserver.contract.manners import Sort, read_sort

Json = Any


class Gathered(NamedTuple):
    """What is gathered from above: what `take` shows of all that `along` leads to, and from there `up`, ever further.

    A record whose field `without` is true has nothing from above.
    """

    take: str
    along: str
    up: str | None = None
    without: str | None = None


class Granted(NamedTuple):
    """A record that every one whose field `where` is true is related to, by its unique name."""

    where: str
    name: str


class Relation(NamedTuple):
    """How a resource is tied to others, under the field name that answers show it by.

    A stored relation has `to`; one with `via` is read through others, one with `inverse` from its other end, and one
    that is `gathered` from all that is above. What `joins` adds what is inherited to its own; what is `asked_with` a
    field is shown when that is asked for. What it `holds`, of those whose field of that name is true, lives and dies
    with the record and belongs to no other. Where there is none, one whose field `stand_in` is true stands in.
    Some are `granted` to all of a kind, whatever they are given. An inverse one that goes `through` others takes in
    what leads to those. Of an inverse one there is at most one when it is `single`. With `whole`,
    records are shown instead of references, with these fields.
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
    attends: bool = False
    sort: Sort | None = None
    gathered: Gathered | None = None
    joins: bool = False
    asked_with: str | None = None
    holds: str | None = None
    stand_in: str | None = None
    granted: Granted | None = None
    through: tuple[str, ...] = ()
    single: bool = False
    whole: tuple[str, ...] | None = None

    @property
    def stored(self) -> bool:
        return bool(self.to)

    @property
    def followed(self) -> str | None:
        """The relation that this one follows from, if it is no record's own."""
        if self.gathered is not None:
            return self.gathered.along
        return self.via[0] if self.via else None


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
        **{
            key: declared[key]
            for key in ("hidden", "along", "mutual", "within", "joins", "attends", "single")
            if key in declared
        },
        inherits=tuple(declared.get("inherits", ())),
        sort=read_sort(declared.get("sort")),
        gathered=None if (gathered := declared.get("gathered")) is None else Gathered(**gathered),
        asked_with=declared.get("askedWith"),
        holds=declared.get("holds"),
        stand_in=declared.get("standIn"),
        through=tuple(declared.get("through", ())),
        granted=None if (granted := declared.get("granted")) is None else Granted(**granted),
        whole=tuple(declared["whole"]) if "whole" in declared else None,
    )
