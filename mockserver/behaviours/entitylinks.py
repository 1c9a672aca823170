"""Links to records that are written as a text, such as <#E::table::shop.sales.public.orders::columns::id>."""

from __future__ import annotations

from typing import NamedTuple


class EntityLink(NamedTuple):
    """What a link names: a record by its type and unique name, a field of it, and an item in that field."""

    kind: str
    name: str
    field: str | None = None
    item: str | None = None


def link(kind: str, name: str, field: str | None = None, item: str | None = None) -> str:
    """The text that links to a record, or to an item of it."""
    return f"<#E::{'::'.join(part for part in (kind, name, field, item) if part is not None)}>"


def parse(text: str) -> EntityLink | None:
    """What a text links to, if it is a link."""
    if not (text.startswith("<#E::") and text.endswith(">")):
        return None
    kind, *more = text[5:-1].split("::")
    if not kind or not more or not all(more):
        return None
    return EntityLink(kind, *more[:3])
