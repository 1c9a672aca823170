"""A document as a search sees it: its values by field, and the words in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Json = Any
WORD = re.compile(r"[^\W_]+")
KEYWORD = (".keyword", ".raw")
# The field that says of which kind a record is; it is in no record.
ENTITY = "entityType"
# Where a text without a field is looked for, and how much a hit there counts.
WEIGHTS: Mapping[str, float] = {
    "name": 10.0,
    "displayName": 10.0,
    "fullyQualifiedName": 6.0,
    "description": 2.0,
    "columns.name": 2.0,
    "columns.description": 1.0,
    "tags.tagFQN": 1.0,
    "synonyms": 5.0,
    "email": 3.0,
    "query": 2.0,
    "tasks.name": 2.0,
    "fields.name": 2.0,
    "schemaText": 1.0,
}
LONGEST_TEXT = 20_000


class Document:
    """One record's fields, with dots between the steps that lead to them; lists count as many values of one field."""

    __slots__ = ("_raw", "_tokens", "_values", "id", "index", "source")

    def __init__(self, id: str, index: str, source: Mapping[str, Json]) -> None:
        self.id = id
        self.index = index
        self.source = source
        self._raw: dict[str, list[Json]] = {}
        self._values: dict[str, tuple[str, ...]] = {}
        self._tokens: dict[str, tuple[str, ...]] = {}

    def raw(self, name: str) -> list[Json]:
        """The values of a field, or of what is below it."""
        found = self._raw.get(name)
        if found is None:
            found = self._raw[name] = scalars(reached(self.source, bare(name).split(".")))
        return found

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a field as texts without upper case."""
        if name not in self._values:
            self._values[name] = tuple(plain(value) for value in self.raw(name))
        return self._values[name]

    def tokens(self, name: str) -> tuple[str, ...]:
        """The words in a field, in order."""
        if name not in self._tokens:
            self._tokens[name] = tuple(word for value in self.values(name) for word in words(value))
        return self._tokens[name]


def bare(name: str) -> str:
    """A field's name without the ending that means its whole value."""
    for suffix in KEYWORD:
        name = name.removesuffix(suffix)
    return name


def words(text: str) -> tuple[str, ...]:
    """The words of a text without upper case."""
    return tuple(WORD.findall(text[:LONGEST_TEXT].casefold()))


def plain(value: Json) -> str:
    """A value as it is compared."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).casefold()


def reached(source: Json, steps: Iterable[str]) -> list[Json]:
    """What these steps lead to; a step into a list is one into each of its items."""
    found = [source]
    for step in steps:
        items = (item for each in found for item in (each if isinstance(each, list) else (each,)))
        found = [item[step] for item in items if isinstance(item, Mapping) and step in item]
    return found


def scalars(value: Json) -> list[Json]:
    """Every scalar in a value, but for nulls."""
    if isinstance(value, str):
        return [value]
    found: list[Json] = []
    _gather(value, found)
    return found


def _gather(value: Json, found: list[Json]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, list):
        for child in value:
            _gather(child, found)
    elif isinstance(value, Mapping):
        for child in value.values():
            _gather(child, found)
    elif value is not None:
        found.append(value)
