"""Secrets in records: stored as they came, shown masked, and kept where a masked one comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any
MASK = "*********"
Path = tuple[str, ...]


def masked(paths: tuple[Path, ...], data: dict[str, Json]) -> dict[str, Json]:
    """The fields with every secret masked; what holds none is shared."""
    for path in paths:
        data = _masked(path, data)
    return data


def _masked(path: Path, value: Json) -> Json:
    if isinstance(value, list):
        return [_masked(path, item) for item in value]
    if not path:
        return MASK if value else value
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _masked(path[1:], value[path[0]])}


def kept(paths: tuple[Path, ...], data: dict[str, Json], stored: Mapping[str, Json]) -> dict[str, Json]:
    """The fields with the stored secret wherever only its mask came."""
    for path in paths:
        data = _kept(path, data, stored)
    return data


def _kept(path: Path, value: Json, stored: Json) -> Json:
    if isinstance(value, list):
        return [_kept(path, item, _namesake(item, at, stored)) for at, item in enumerate(value)]
    if not path:
        return stored if value == MASK and isinstance(stored, str) else value
    if not isinstance(value, dict) or path[0] not in value:
        return value
    there = stored.get(path[0]) if isinstance(stored, Mapping) else None
    return {**value, path[0]: _kept(path[1:], value[path[0]], there)}


def _namesake(item: Json, at: int, stored: Json) -> Json:
    """The stored item of the same id, or at the same place."""
    items = stored if isinstance(stored, list) else []
    id = item.get("id") if isinstance(item, Mapping) else None
    same = next((each for each in items if isinstance(each, Mapping) and id and each.get("id") == id), None)
    return same if same is not None or at >= len(items) else items[at]


def changed(paths: tuple[Path, ...], before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    """The top fields that differ in their secrets alone, so that answers show no difference."""
    return [
        field
        for field in dict.fromkeys(path[0] for path in paths)
        if before.get(field) != after.get(field)
        and masked(paths, {field: before.get(field)}) == masked(paths, {field: after.get(field)})
    ]
