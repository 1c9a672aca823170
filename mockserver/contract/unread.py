"""An object of a document whose members are text until somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Json = Any
# For each member where its text starts and ends, or the outline of an object whose members are kept apart, too.
Outline = dict[str, Any]
# Parts of a document that are large and of which a start needs little: their members are kept apart.
FOLDED = {"paths": 1, "components": 2}


class Unread(Mapping[str, Json]):
    """Looks like the object that was folded. What was looked at once is kept as it was read."""

    __slots__ = ("_members", "_outline", "_text")

    def __init__(self, outline: Outline, text: memoryview) -> None:
        self._outline = outline
        self._text = text
        self._members: dict[str, Json] = {}

    def __getitem__(self, name: str) -> Json:
        try:
            return self._members[name]
        except KeyError:
            value = self._members[name] = self._read(self._outline[name])
            return value

    def __contains__(self, name: object) -> bool:
        return name in self._outline

    def __iter__(self) -> Iterator[str]:
        return iter(self._outline)

    def __len__(self) -> int:
        return len(self._outline)

    def _read(self, outline: Any) -> Json:
        if isinstance(outline, dict):
            return Unread(outline, self._text)
        start, end = outline
        return orjson.loads(self._text[start:end])


def folded(document: Mapping[str, Json]) -> tuple[Outline, bytes]:
    """The outline of a document, and the text that it is about."""
    text = bytearray()

    def outline(value: Json, depth: int) -> Any:
        if depth and isinstance(value, Mapping):
            return {name: outline(member, depth - 1) for name, member in value.items()}
        start = len(text)
        text.extend(orjson.dumps(plain(value)))
        return start, len(text)

    return {name: outline(value, FOLDED.get(name, 0)) for name, value in document.items()}, bytes(text)


def plain(value: Json) -> Json:
    """The same with nothing unread."""
    return {name: plain(member) for name, member in value.items()} if isinstance(value, Unread) else value
