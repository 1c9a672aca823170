"""Links to records that are written as a text, such as <#E::table::shop.sales.public.orders::columns::id>."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# What stands behind a bar is how the link is shown.
LINK = re.compile(r"<#E::([A-Za-z]+)::([^<>|]+?)(?:\|[^<>]*)?>")


class EntityLink(NamedTuple):
    """What a link names: a record by its type and unique name, and the path into it: a field, an item in that field."""

    kind: str
    name: str
    path: tuple[str, ...] = ()

    @property
    def field(self) -> str | None:
        return self.path[0] if self.path else None

    @property
    def item(self) -> str | None:
        return self.path[1] if len(self.path) > 1 else None

    def __str__(self) -> str:
        return f"<#E::{'::'.join((self.kind, self.name, *self.path))}>"


def parsed(text: str) -> EntityLink | None:
    """What a text links to, if it is a link."""
    match = LINK.fullmatch(text)
    return None if match is None else _read(match)


def found_in(text: str) -> Iterator[EntityLink]:
    """The links in a text."""
    return (link for match in LINK.finditer(text) if (link := _read(match)) is not None)


def _read(match: re.Match[str]) -> EntityLink | None:
    name, *path = match[2].split("::")
    return EntityLink(match[1], name, tuple(path)) if name and all(path) else None
