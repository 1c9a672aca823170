"""Columns: what their types ask of them, what makes the key, and what else in a record may name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.exchange import Problem
from mockserver.world.record import Data

Json = Any
Item = Mapping[str, Json]
KEY = "PRIMARY_KEY"
ARRAY = "ARRAY"
CONSTRAINTS, PARTITION = "tableConstraints", "tablePartition"
# Partitions may go by these, which no table of that kind declares.
UNDECLARED = frozenset(("_PARTITIONDATE", "_PARTITIONTIME"))


def settled(item: dict[str, Json]) -> dict[str, Json]:
    """A column without the type of elements where it is no array."""
    if "arrayDataType" in item and item.get("dataType") != ARRAY:
        return {key: value for key, value in item.items() if key != "arrayDataType"}
    return item


def check(resource: Resource, data: Item) -> None:
    """Refuses a created or replaced record whose columns contradict one another, or what is said of them."""
    for name, nested in resource.nested.items():
        _check_scales(data.get(name, ()), nested)
    columns = data.get("columns", ())
    keys = [column for column in columns if column.get("constraint") == KEY]
    if len(keys) > 1:
        raise Problem(400, "Multiple columns tagged with primary key constraints")
    known = {column["name"] for column in columns}
    for constraint in data.get(CONSTRAINTS, ()):
        if keys and constraint.get("constraintType") == KEY:
            raise Problem(
                400, "A column already tagged as a primary key and table constraint also includes primary key"
            )
        if not known.issuperset(constraint.get("columns", ())):
            raise Problem(400, "Invalid column name found in table constraint")
    if PARTITION in data and not (known | UNDECLARED).issuperset(_partitioning(data)):
        raise Problem(400, "Invalid column name found in table partition")


def edited(resource: Resource, before: Item, data: Data, changed: Iterable[str]) -> Data:
    """An edited record without the constraints of columns that went; one that names none, or repeats, is refused."""
    if {"columns", CONSTRAINTS}.isdisjoint(changed) or "columns" not in resource.nested:
        return data
    _check_scales(data.get("columns", ()), resource.nested["columns"])
    known = {column["name"] for column in data.get("columns", ())}
    gone = {column["name"] for column in before.get("columns", ())} - known
    kept, told = [], set()
    for constraint in data.get(CONSTRAINTS, ()):
        names = constraint.get("columns", ())
        for name in names:
            if name not in known and name not in gone:
                raise Problem(400, f"Invalid column name {name}")
        mark = (constraint.get("constraintType"), *sorted(names))
        if mark in told:
            raise Problem(400, f"Table constraint {mark[0]} of {', '.join(mark[1:])} is repeated")
        told.add(mark)
        if gone.isdisjoint(names):
            kept.append(constraint)
    if len(kept) == len(data.get(CONSTRAINTS, ())):
        return data
    return {**data, CONSTRAINTS: kept}


def check_named(data: Item, names: Iterable[str]) -> None:
    """Refuses names that are none of the record's columns."""
    known = {column["name"] for column in data.get("columns", ())}
    for name in names:
        if name not in known:
            raise Problem(400, f"Invalid column name {name}")


def _partitioning(data: Item) -> Iterator[str]:
    for detail in data[PARTITION].get("columns", ()):
        if "columnName" in detail:
            yield detail["columnName"]


def _check_scales(items: Iterable[Item], nested: Nested) -> None:
    for item in items:
        scale, precision = item.get("scale"), item.get("precision")
        if scale is not None and precision is None:
            raise Problem(400, f"Scale is set but precision is not set for the column {item['name']}")
        if scale is not None and scale > precision:
            raise Problem(400, f"Scale can't be greater than the precision for the column {item['name']}")
        if nested.children:
            _check_scales(item.get(nested.children, ()), nested)
