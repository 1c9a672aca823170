"""Labels, small objects that name records of other collections: what they are, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.contract.reference import resolve

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})
# What stands under a field: labels (None), or objects whose fields lead to some. A schema may contain itself.
Places = dict[str, Any]


class Labels(NamedTuple):
    """What a label is: an object of one schema, anywhere in a record, that says by name which record it stands for.

    `kinds` says for each value of its member `kind` which resource that is of; `shows` is what it tells of the record,
    and `derives` how a label is marked that came along with another.
    """

    schema: str
    name: str
    kind: str
    kinds: Mapping[str, str]
    shows: tuple[str, ...] = ()
    derives: Mapping[str, Json] = NOTHING
    relation: str = "labels"
    without: tuple[str, ...] = ()


def read_labels(declared: Mapping[str, Json] | None) -> Labels | None:
    if declared is None:
        return None
    lists = {key: tuple(declared.get(key, ())) for key in ("shows", "without")}
    return Labels(**{**declared, **lists})


class Finder:
    """Looks for the labels of one schema in others; what is found is remembered for the next."""

    def __init__(self, document: Mapping[str, Json], label: str, without: Iterable[str] = ()) -> None:
        self.document = document
        self.known: dict[str, Places | None] = {_pointer(name): {} for name in without}
        self.known[_pointer(label)] = None
        self.made: dict[int, Places] = {}

    def places(self, schema: str) -> Places:
        """The fields of a component schema that lead to labels; those of the schemas `without` are left alone."""
        found = _of(self.document, {"$ref": _pointer(schema)}, self.known)
        return _pruned(found, self.made) if found else {}


def _pointer(name: str) -> str:
    return f"#/components/schemas/{name}"


def _of(document: Mapping[str, Json], schema: Json, known: dict[str, Places | None]) -> Places | None:
    """Nothing (an empty one), the way on, or None for a label."""
    if not isinstance(schema, dict):
        return {}
    pointer = schema.get("$ref")
    if isinstance(pointer, str):
        if pointer not in known:
            known[pointer] = found = {}
            deeper = _of(document, resolve(document, pointer), known)
            if deeper is None:
                known[pointer] = None
            else:
                found.update(deeper)
        return known[pointer]
    if "items" in schema:
        return _of(document, schema["items"], known)
    return {name: _of(document, each, known) for name, each in schema.get("properties", {}).items()}


def _pruned(places: Places, made: dict[int, Places]) -> Places:
    """The same without the fields that lead nowhere."""
    if id(places) not in made:
        kept: Places = {}
        made[id(places)] = kept
        for name, deeper in places.items():
            if deeper is None:
                kept[name] = None
            elif _leads(deeper, set()):
                kept[name] = _pruned(deeper, made)
    return made[id(places)]


def _leads(places: Places, seen: set[int]) -> bool:
    if id(places) in seen:
        return False
    seen.add(id(places))
    return any(deeper is None or _leads(deeper, seen) for deeper in places.values())
