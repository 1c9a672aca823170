"""Entity links, by which messages mention people and say what they are about: `<#E::table::a.b.c.d::columns::e>`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Json = Any
LINK = re.compile(r"<#E::([A-Za-z]+)::([^<>|]+?)(?:\|[^<>]*)?>")


class EntityLink(NamedTuple):
    """The kind and the name of an entity, and the path into it, where there is one."""

    kind: str
    name: str
    path: tuple[str, ...] = ()

    @property
    def field(self) -> str | None:
        return self.path[0] if self.path else None

    def __str__(self) -> str:
        return f"<#E::{'::'.join((self.kind, self.name, *self.path))}>"


def parsed(text: str) -> EntityLink | None:
    """The link that a text is, if it is one."""
    match = LINK.fullmatch(text)
    return None if match is None else _read(match)


def found_in(text: str) -> Iterator[EntityLink]:
    """The links in a text."""
    return (_read(match) for match in LINK.finditer(text))


def _read(match: re.Match[str]) -> EntityLink:
    name, *path = match[2].split("::")
    return EntityLink(match[1], name, tuple(path))


def mentioned(thread: Mapping[str, Json]) -> set[tuple[str, str]]:
    """The kind and the name of everyone who is mentioned in a thread or in a post of it."""
    texts = [str(thread.get("message", "")), *(str(post.get("message", "")) for post in thread.get("posts") or ())]
    return {(link.kind, link.name) for text in texts for link in found_in(text) if link.kind in ("user", "team")}
