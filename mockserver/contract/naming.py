"""How the unique names of a resource's records are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Json = Any


class Numbered(NamedTuple):
    """Records that are told apart by a number: which field says it, and how."""

    field: str
    prefix: str
    digits: int

    def name(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.digits}}"


class Naming(NamedTuple):
    """How a record's unique name is made: below the first of the parents that it has, after an infix, with a prefix.

    A name that is not `verbatim` is quoted where it has a dot. Below a parent `last` may stand for the name. The fields
    that are `lowered`, the name among them or not, are kept in lower case. Without a name, a record
    is called `made` and a new id. Where they are `numbered`, their number is the unique name, and the
    name unless one is given.
    """

    parents: tuple[str, ...] = ()
    optional: bool = False
    infix: str | None = None
    digest_of: str | None = None
    verbatim: bool = False
    prefix: str = ""
    last: str | None = None
    lowered: tuple[str, ...] = ()
    made: str | None = None
    numbered: Numbered | None = None

    def parent(self, given: Mapping[str, Json]) -> str | None:
        """The relation whose record gives the first part of the name."""
        return next((parent for parent in self.parents if given.get(parent)), None)

    def sought(self, name: str) -> str:
        """The name that a record is kept under which is looked for by this one."""
        return name.lower() if "name" in self.lowered else name

    def kept(self, body: Mapping[str, Json]) -> Mapping[str, Json]:
        """A create body as it is kept."""
        return {**body, **{key: body[key].lower() for key in self.lowered if isinstance(body.get(key), str)}}


def read_naming(declared: Mapping[str, Json], lowered: Iterable[str] = ()) -> Naming:
    parents = declared.get("parent", ())
    return Naming(
        (parents,) if isinstance(parents, str) else tuple(parents),
        optional=declared.get("optional", False),
        infix=declared.get("infix"),
        digest_of=declared.get("digestOf"),
        verbatim=declared.get("verbatim", False),
        prefix=declared.get("prefix", ""),
        last=declared.get("last"),
        lowered=tuple(lowered),
        made=declared.get("made"),
        numbered=Numbered(**declared["numbered"]) if "numbered" in declared else None,
    )
