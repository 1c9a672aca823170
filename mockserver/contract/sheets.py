"""CSV files of records: which columns they have, what each column tells, and which records are their rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})
# The mark of a column that no row may leave empty.
REQUIRED = "*"


class Column(NamedTuple):
    """One column: the field that it tells, or a member of it, and the form in which it does.

    Of labels it tells those of one `kind`, and of these only what is `within` one name. It may name records alone whose
    field `only` has one value, and `lacks` is said of others. `dates` are set to now beside a member that is written.
    Objects are told by their `members`, one after another. `says` is answered to a cell that is not of the form.
    """

    name: str
    field: tuple[str, ...]
    form: str = "text"
    required: bool = False
    kind: str | None = None
    within: str | None = None
    dates: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    only: tuple[str, str] | None = None
    lacks: str = ""
    says: str = ""
    description: str = ""
    examples: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}{REQUIRED}" if self.required else self.name


class Inside(NamedTuple):
    """A column whose references must lead to what the file is of, or below it; and what is said otherwise."""

    column: str
    says: str


class Sheet(NamedTuple):
    """The CSV file of one record `of` a resource.

    Its rows are the records that lead to it by a relation, the first of `rows` alone where it is not recursive, or the
    things in its field `items`, which are told as an `item`. With `through`, what leads to a record by that relation
    is looked into as well. The file may `also` be of other resources, to which the first kind of rows leads by another
    relation, and `all` stands for every record of that kind. `itself`: its one row is the record. `fresh` is what a new
    record of the resource has beside what its row says.
    """

    of: str
    columns: tuple[Column, ...] = ()
    recursive: tuple[Column, ...] = ()
    rows: Mapping[str, str] = NOTHING
    through: str | None = None
    also: Mapping[str, str] = NOTHING
    all: str | None = None
    itself: bool = False
    items: str | None = None
    item: str = "item"
    fresh: Mapping[str, Json] = NOTHING
    inside: Inside | None = None
    about: str = ""

    @property
    def kind(self) -> str:
        """The resource of its rows, of the first kind where there are several."""
        return next(iter(self.rows), self.of)


def read_sheet(
    name: str, declared: Mapping[str, Json] | None, columns: Mapping[str, Mapping[str, Json]]
) -> Sheet | None:
    """The sheet that a resource declares in the words of the contract's columns."""
    if declared is None:
        return None
    inside = declared.get("inside")
    return Sheet(
        declared.get("of", name),
        columns=read_header(declared.get("header", ""), columns),
        recursive=read_header(declared.get("recursive", ""), columns),
        rows=declared.get("rows", {}),
        through=declared.get("through"),
        also=declared.get("also", {}),
        all=declared.get("all"),
        itself=declared.get("itself", False),
        items=declared.get("items"),
        item=declared.get("item", "item"),
        fresh=declared.get("fresh", {}),
        inside=None if inside is None else Inside(inside["column"], inside["says"]),
        about=declared.get("about", ""),
    )


def read_header(header: str, columns: Mapping[str, Mapping[str, Json]]) -> tuple[Column, ...]:
    return tuple(
        _column(label.removesuffix(REQUIRED), label.endswith(REQUIRED), columns[label.removesuffix(REQUIRED)])
        for label in labels_of(header)
    )


def labels_of(header: str) -> list[str]:
    """The names in a header, each with its mark."""
    return [label.strip() for label in header.split(",") if label.strip()]


def _column(name: str, required: bool, declared: Mapping[str, Json]) -> Column:
    return Column(
        name,
        tuple(str(declared.get("field", name)).split(".")),
        form=declared.get("as", "text"),
        required=required,
        kind=declared.get("kind"),
        within=declared.get("within"),
        dates=tuple(declared.get("dates", ())),
        members=tuple(declared.get("members", ())),
        only=next(iter(declared.get("only", {}).items()), None),
        lacks=declared.get("lacks", ""),
        says=declared.get("says", ""),
        description=declared.get("description", ""),
        examples=tuple(declared.get("examples", ())),
    )
