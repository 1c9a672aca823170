"""What a dataset of OpenLineage may mean: the tables that its names may stand for, and the types of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Any
STORAGE = ("gs://", "s3://", "s3a://", "abfss://", "abfs://", "wasbs://", "adl://")
GLUE, WAREHOUSE = "table", ".db"
MOST_STEPS = 3
# The first word that a type holds decides, as it does in the product.
TYPES = {
    "VARCHAR": ("STRING", "CHAR"),
    "INT": ("INT",),
    "BIGINT": ("LONG",),
    "DOUBLE": ("DOUBLE", "FLOAT"),
    "DECIMAL": ("DECIMAL", "NUMERIC"),
    "BOOLEAN": ("BOOL",),
    "DATE": ("DATE",),
    "TIMESTAMP": ("TIMESTAMP",),
    "TIME": ("TIME",),
    "ARRAY": ("ARRAY",),
    "MAP": ("MAP",),
    "STRUCT": ("STRUCT",),
    "BINARY": ("BINARY", "BYTES"),
    "JSON": ("JSON",),
}
UNKNOWN = "UNKNOWN"
LENGTH = (("dataLength", 1),)
NEEDED = {"VARCHAR": LENGTH, "BINARY": LENGTH, "ARRAY": (("arrayDataType", UNKNOWN),), "STRUCT": (("children", []),)}


def meanings(dataset: Mapping[str, Json]) -> list[tuple[str, ...]]:
    """The names that a dataset may have, each in its parts from the left: its other names first, then its own."""
    facets = dataset.get("facets") or {}
    others = (facets.get("symlinks") or {}).get("identifiers") or ()
    # A path in a store of files is no name, unless it is a warehouse's.
    plain = not dataset["namespace"].lower().startswith(STORAGE)
    found = [*(_parts(each["name"], short=True) for each in others), _parts(dataset["name"], short=plain)]
    return list(dict.fromkeys(parts for parts in found if parts))


def _parts(name: str, *, short: bool) -> tuple[str, ...]:
    """The parts of a name with dots, of Glue's, of a path of Hive's warehouse, or of a `short` path; else none."""
    name = name.strip()
    if "/" not in name:
        parts = tuple(name.split("."))
        return parts if len(parts) > 1 and all(parts) else ()
    steps = tuple(step for step in name.split("/") if step)
    if name.startswith(f"{GLUE}/") and len(steps) == MOST_STEPS:
        return steps[1:]
    for database, table in zip(steps[-2::-1], steps[:0:-1], strict=True):
        if database.endswith(WAREHOUSE) and database != WAREHOUSE:
            return database.removesuffix(WAREHOUSE), table
    return steps if short and "." not in name and 1 < len(steps) <= MOST_STEPS else ()


def columns(dataset: Mapping[str, Json]) -> list[dict[str, Json]]:
    """The columns that a dataset says it has."""
    facets = dataset.get("facets") or {}
    return [dict(_column(field)) for field in (facets.get("schema") or {}).get("fields") or ()]


def _column(field: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    told = str(field.get("type") or "").upper()
    kind = next((kind for kind, words in TYPES.items() if any(word in told for word in words)), UNKNOWN)
    yield "name", field["name"]
    yield "dataType", kind
    # A column has what its type asks for, which an event does not tell.
    yield from NEEDED.get(kind, ())
    for key, member in (("dataTypeDisplay", "type"), ("description", "description")):
        if field.get(member):
            yield key, field[member]


def sources(dataset: Mapping[str, Json]) -> Iterator[tuple[str, list[tuple[str, str]], str | None]]:
    """Of each column that tells where it comes from: its name, datasets (as `key` has them) with columns, and how."""
    facet = (dataset.get("outputFacets") or {}).get("columnLineage")
    facet = facet or (dataset.get("facets") or {}).get("columnLineage") or {}
    for name, told in (facet.get("fields") or {}).items():
        yield name, [(key(each), each["field"]) for each in told["inputFields"]], told.get("transformationDescription")


def key(dataset: Mapping[str, Json]) -> str:
    """By what a dataset is known among others."""
    return f"{dataset['namespace']}/{dataset['name']}"
