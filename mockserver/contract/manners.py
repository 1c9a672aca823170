"""What some resources do beyond the usual: they count, gather and review, and their links are of several sorts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})


class Nested(NamedTuple):
    """A list of items with an identity; `gathers`: by what others say what of them; `described`: by which type."""

    name: str
    children: str | None = None
    identity: tuple[str, ...] = ("name",)
    named: bool = False
    ordinal: str | None = None
    display: tuple[str, str] | None = None
    defaults: Mapping[str, Json] = NOTHING
    gathers: Mapping[str, str] = NOTHING
    described: str | None = None


def read_nested(name: str, declared: Mapping[str, Json]) -> Nested:
    """The manners of one nested list of a resource."""
    display = declared.get("display")
    return Nested(
        name,
        children=declared.get("children"),
        identity=tuple(declared.get("identity", ("name",))),
        named=declared.get("named", False),
        ordinal=declared.get("ordinal"),
        display=None if display is None else (display["field"], display["of"]),
        defaults=declared.get("defaults", {}),
        gathers=declared.get("gathers", {}),
        described=declared.get("described"),
    )


class Sort(NamedTuple):
    """How links of one relation differ: answers show them as `{field: sort, under: reference}`.

    `reverse` says of which sort the same link is at its other end, where that is another one.
    """

    member: str
    under: str
    default: str
    reverse: Mapping[str, str] = NOTHING


class Derived(NamedTuple):
    """A field that is read from a related record."""

    name: str
    via: tuple[str, ...]
    field: str


class Counted(NamedTuple):
    """A number: how many records lead here by a chain of relations; if `deep`, by its last one again and again.

    With `of`, how many different ones a relation of the record and of all that are `below` it shows. One that is only
    counted when it is asked for is shown as `otherwise` when it is not.
    """

    name: str
    back: tuple[str, ...] = ()
    deep: bool = False
    of: str | None = None
    below: str | None = None
    only_asked: bool = False
    otherwise: int | None = None


class Ranks(NamedTuple):
    """Which kinds of record stand below which: the field `by` says the kind, `holds` which kinds each may have below.

    A kind that holds none has `members` instead. Of `single` kinds each record is directly below one other.
    """

    by: str
    above: str
    below: str
    members: str
    holds: Mapping[str, tuple[str, ...]]
    single: tuple[str, ...] = ()


class Assets(NamedTuple):
    """What belongs to a record: what leads here by one relation, and to those below it by another one.

    `rehearsed`: a request to change that says nothing of it is a dry run.
    """

    by: str
    below: str | None = None
    without: tuple[str, ...] = ()
    rehearsed: bool = False


class Opens(NamedTuple):
    """Tasks that ask reviewers: records `of` a resource, of some type. What lacks a description is `unready`."""

    of: str
    type: str
    unready: str


class Review(NamedTuple):
    """A field that says how far a record is looked at; with reviewers it starts at `first`, and they alone decide.

    The first of the `decisions` is to approve. What is `pending` is removed by a reviewer only. Where it `opens` tasks,
    what is new or changed is pending until a reviewer resolved one.
    """

    field: str
    by: str
    decisions: tuple[str, ...]
    first: str | None = None
    pending: str | None = None
    opens: Opens | None = None


class Series(NamedTuple):
    """Points in time that hang on a record: each under its moment, and what else tells those of one moment apart.

    `whole`: that other field alone says which point is meant, whatever its moment. `marks`: fields that the server sets
    by fields of the record, or by a new id. `shown`: the record's fields that show the newest point, or a field of it;
    `under`: the nested list of which each item shows its own. `passes`: relations to records that a count of uses is
    counted of as well.
    """

    name: str
    schema: str
    at: str = "timestamp"
    by: str | None = None
    whole: bool = False
    marks: Mapping[str, str] = NOTHING
    shown: Mapping[str, Json] = NOTHING
    under: str | None = None
    passes: tuple[str, ...] = ()


def read_series(declared: Mapping[str, Json]) -> dict[str, Series]:
    """The series of a resource."""
    return {name: Series(name, **{**each, "passes": tuple(each.get("passes", ()))}) for name, each in declared.items()}


class Alerts(NamedTuple):
    """Records that say who is told of what: whether of following and voting too, and also at loopback addresses."""

    loopback: bool = True
    reactions: bool = True


def read_alerts(declared: Mapping[str, Json] | None) -> Alerts | None:
    return None if declared is None else Alerts(**declared)


def read_review(declared: Mapping[str, Json] | None) -> Review | None:
    if declared is None:
        return None
    decisions = tuple(declared["decisions"])
    opens = Opens(**declared["opens"]) if "opens" in declared else None
    return Review(declared["field"], declared["by"], decisions, declared.get("first"), declared.get("pending"), opens)


def read_assets(declared: Mapping[str, Json] | None) -> Assets | None:
    if declared is None:
        return None
    without = tuple(declared.get("except", ()))
    return Assets(declared["by"], declared.get("below"), without, declared.get("rehearsed", False))


def read_derived(declared: Mapping[str, Json]) -> dict[str, Derived]:
    return {name: Derived(name, tuple(each["via"]), each["field"]) for name, each in declared.items()}


def read_counted(declared: Mapping[str, Json]) -> dict[str, Counted]:
    """The numbers that a resource counts."""
    return {
        name: Counted(
            name,
            tuple(each.get("back", ())),
            only_asked=each.get("onlyAsked", False),
            **{key: each[key] for key in ("deep", "of", "below", "otherwise") if key in each},
        )
        for name, each in declared.items()
    }


def read_ranks(declared: Mapping[str, Json] | None) -> Ranks | None:
    if declared is None:
        return None
    holds = {kind: tuple(below) for kind, below in declared["holds"].items()}
    fields = {key: declared[key] for key in ("by", "above", "below", "members")}
    return Ranks(**fields, holds=holds, single=tuple(declared.get("single", ())))


def read_sort(declared: Mapping[str, Json] | None) -> Sort | None:
    if declared is None:
        return None
    return Sort(declared["field"], declared["under"], declared["default"], declared.get("reverse", {}))
