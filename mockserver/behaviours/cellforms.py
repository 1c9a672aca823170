"""The forms of cells: how a value is written into one, and what is read out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mockserver.behaviours.cells import Cell, Row
from mockserver.behaviours.csvtext import SEPARATOR, join, split
from mockserver.behaviours.labels import Label
from mockserver.contract.reference import resolved
from mockserver.exchange import Problem

Json = Any
FLAGS = {"true": True, "false": False}
OBJECTS = json.JSONDecoder()
GAP = re.compile(rf"[{SEPARATOR}\s]*")


def written(cell: Cell, row: Row) -> str:
    """What a cell says of a row; nothing where such rows have no such field."""
    places = {"name": row.name, "kind": row.kind, "place": row.place}
    if cell.column.form in places:
        return places[cell.column.form]
    value = cell.content(row.members) if cell.tells(row) else None
    return "" if value is None else WRITERS[cell.column.form](cell, value)


def read(cell: Cell, text: str, current: Json) -> Json:
    """The value that a cell gives to its field in place of the current one; None for nothing."""
    return READERS[cell.column.form](cell, text, current)


def _own(value: Json) -> list[Json]:
    """References without those that are inherited."""
    given = value if isinstance(value, list) else [value]
    return [each for each in given if not each.get("inherited")]


def _write_text(cell: Cell, value: Json) -> str:
    return str(value)


def _read_text(cell: Cell, text: str, current: Json) -> Json:
    return text or None


def _read_word(cell: Cell, text: str, current: Json) -> Json:
    if text and text not in _words(cell):
        raise cell.refusal(cell.column.says.format(value=text))
    return text or None


def _words(cell: Cell) -> list[Json]:
    """The words that the schema has for a field."""
    parts = cell.context.contract.parts
    schema: Json = resolved(parts, {"$ref": f"#/components/schemas/{cell.resource.schema}"})
    for step in cell.column.field:
        schema = resolved(parts, schema["properties"][step])
    words: list[Json] = schema["enum"]
    return words


def _read_number(cell: Cell, text: str, current: Json) -> Json:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise cell.refusal(f"{text} is not a whole number")
    return int(text) if text else None


def _write_flag(cell: Cell, value: Json) -> str:
    return "true" if value else "false"


def _read_flag(cell: Cell, text: str, current: Json) -> Json:
    if text and text not in FLAGS:
        raise cell.refusal(f"Field {text} should be either 'true' of 'false'")
    return FLAGS.get(text)


def _write_texts(cell: Cell, value: Json) -> str:
    return join(map(str, value))


def _read_texts(cell: Cell, text: str, current: Json) -> Json:
    return split(text)


def _write_names(cell: Cell, value: Json) -> str:
    return join(each["fullyQualifiedName"] for each in _own(value))


def _read_names(cell: Cell, text: str, current: Json) -> Json:
    relation = cell.relation
    found = [cell.refer(relation.to, name) for name in split(text)]
    return found if relation.many else next(iter(found), None)


def _write_people(cell: Cell, value: Json) -> str:
    return join(f"{each['type']}:{each['name']}" for each in _own(value))


def _read_people(cell: Cell, text: str, current: Json) -> Json:
    kinds = {cell.context.contract.resources[each].entity: each for each in cell.relation.to}
    found = []
    for value in split(text):
        kind, colon, name = value.partition(":")
        if not colon or kind.strip() not in kinds:
            raise cell.refusal(cell.column.says)
        found.append(cell.refer((kinds[kind.strip()],), name.strip()))
    return found


def _write_sorted(cell: Cell, value: Json) -> str:
    sort = cell.relation.sort
    assert sort is not None
    told = [(each[sort.member], each[sort.under]["fullyQualifiedName"]) for each in value]
    return join(sorted(name if kind == sort.default else f"{kind}:{name}" for kind, name in told))


def _read_sorted(cell: Cell, text: str, current: Json) -> Json:
    relation = cell.relation
    sort = relation.sort
    assert sort is not None
    found = []
    for value in split(text):
        kind, colon, name = value.partition(":")
        # A prefix with a dot is the beginning of a name.
        if not colon or "." in kind:
            kind, name = sort.default, value
        found.append({sort.member: kind.strip(), sort.under: cell.refer(relation.to, name.strip())})
    return found


def _write_labels(cell: Cell, value: Json) -> str:
    return join(str(label[cell.labels.name]) for label in value if cell.is_told(label))


def _write_label(cell: Cell, value: Json) -> str:
    return join([str(value[cell.labels.name])])


def _read_labels(cell: Cell, text: str, current: Json) -> Json:
    """The labels that other columns tell, and those of the cell, each as it was if it was there."""
    name = cell.labels.name
    there = {label[name]: label for label in current or ()}
    kept = [label for label in there.values() if not cell.is_told(label)]
    return [*kept, *(there.get(label[name], label) for label in _labels(cell, text))]


def _read_label(cell: Cell, text: str, current: Json) -> Json:
    return next(iter(_labels(cell, text)), None)


def _labels(cell: Cell, text: str) -> list[Label]:
    kind = str(cell.column.kind)
    marks = {cell.labels.kind: kind, "labelType": "Manual", "state": "Confirmed"}
    found = (cell.find((cell.labels.kinds[kind],), name) for name in split(text))
    return [{cell.labels.name: record.data["fullyQualifiedName"], **marks} for record in found]


def _write_rows(cell: Cell, value: Json) -> str:
    return join(str(each.get(member, "")) for each in value for member in cell.column.members)


def _read_rows(cell: Cell, text: str, current: Json) -> Json:
    members, values = cell.column.members, split(text)
    if len(values) % len(members):
        raise cell.refusal(cell.column.says)
    starts = range(0, len(values), len(members))
    return [dict(zip(members, values[at : at + len(members)], strict=True)) for at in starts]


def _write_objects(cell: Cell, value: Json) -> str:
    return SEPARATOR.join(orjson.dumps(each).decode() for each in value)


def _read_objects(cell: Cell, text: str, current: Json) -> Json:
    found, at = [], 0
    try:
        while at < len(text):
            _, end = OBJECTS.raw_decode(text, at)
            found.append(orjson.loads(text[at:end]))
            gap = GAP.match(text, end)
            at = end if gap is None else gap.end()
    except (ValueError, RecursionError) as error:
        raise cell.refusal(cell.column.says) from error
    return found


def _write_properties(cell: Cell, value: Json) -> str:
    told = ((key, cell.context.dialect.property_text(each)) for key, each in value.items())
    return join(f"{key}:{text}" for key, text in told if text)


def _read_properties(cell: Cell, text: str, current: Json) -> Json:
    """The properties named; one that says what is there stays as it is."""
    context, found = cell.context, {}
    for value in split(text):
        key, colon, told = value.partition(":")
        if not (key and told):
            raise cell.refusal(cell.column.says.format(key=key, value=told if colon else "null"))
        there = (current or {}).get(key)
        if there is not None and context.dialect.property_text(there) == told:
            found[key] = there
            continue
        try:
            found[key] = context.dialect.property_value(context, cell.resource, key, told)
        except Problem as problem:
            raise cell.refusal(problem.message) from problem
    return found or None


WRITERS: Mapping[str, Callable[[Cell, Json], str]] = {
    "text": _write_text,
    "word": _write_text,
    "number": _write_text,
    "flag": _write_flag,
    "texts": _write_texts,
    "names": _write_names,
    "people": _write_people,
    "sorted": _write_sorted,
    "labels": _write_labels,
    "label": _write_label,
    "rows": _write_rows,
    "objects": _write_objects,
    "given": lambda cell, value: join(str(each["name"]) for each in value),
    "properties": _write_properties,
}
READERS: Mapping[str, Callable[[Cell, str, Json], Json]] = {
    "text": _read_text,
    "word": _read_word,
    "number": _read_number,
    "flag": _read_flag,
    "texts": _read_texts,
    "names": _read_names,
    "people": _read_people,
    "sorted": _read_sorted,
    "labels": _read_labels,
    "label": _read_label,
    "rows": _read_rows,
    "objects": _read_objects,
    # What a file shows and does not write.
    "given": lambda cell, text, current: current,
    "properties": _read_properties,
}
