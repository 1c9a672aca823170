"""Expands traits and resource files into plain paths and components of one OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Json = Any
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
TRAIT_WORDS = ("path", "name", "entity", "title", "plural", "schema", "create")


def fill(template: Json, words: Mapping[str, str]) -> Json:
    """The template with every `${word}` in its keys and texts replaced; KeyError names a word that is not known."""
    if isinstance(template, dict):
        return {fill(key, words): fill(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(item, words) for item in template]
    if isinstance(template, str) and "${" in template:
        return PLACEHOLDER.sub(lambda match: words[match[1]], template)
    return template


def merge(base: Json, addition: Json) -> Json:
    """`addition` laid over `base`: objects merge, `parameters` and `tags` are appended, everything else is replaced."""
    if not isinstance(base, dict) or not isinstance(addition, dict):
        return deepcopy(addition)
    merged = dict(base)
    for key, value in addition.items():
        if key in ("parameters", "tags") and isinstance(value, list) and isinstance(merged.get(key), list):
            merged[key] = [*merged[key], *deepcopy(value)]
            continue
        merged[key] = merge(merged[key], value) if key in merged else deepcopy(value)
    return merged


def expand(traits: list[Json], resource_file: Mapping[str, Json]) -> dict[str, Json]:
    """The paths of one resource: its traits in order, then its own words on top."""
    words = {word: str(resource_file["x-resource"][word]) for word in TRAIT_WORDS if word in resource_file["x-resource"]}
    paths: dict[str, Json] = {}
    for trait in traits:
        paths = merge(paths, fill(trait["paths"], words))
    merged: dict[str, Json] = merge(paths, resource_file.get("paths", {}))
    return merged
