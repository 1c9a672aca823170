"""Traits: operations written once, filled in with a resource's words and laid over one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Json = Any
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def fill(template: Json, words: Mapping[str, Json]) -> Json:
    """The template with every `${word}` in its keys and texts replaced; KeyError names a word that is not known.

    A word may stand for a list, whose items then take the place of the one text `${word}` in a list.
    """
    if isinstance(template, dict):
        return {fill(key, words): fill(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [filled for item in template for filled in _items(item, words)]
    if isinstance(template, str) and "${" in template:
        return PLACEHOLDER.sub(lambda match: words[match[1]], template)
    return template


def _items(item: Json, words: Mapping[str, Json]) -> list[Json]:
    """The items that one item of a template's list becomes."""
    whole = PLACEHOLDER.fullmatch(item) if isinstance(item, str) else None
    found = None if whole is None else words[whole[1]]
    return found if isinstance(found, list) else [fill(item, words)]


def merge(base: Json, addition: Json) -> Json:
    """`addition` laid over `base`: objects merge, `parameters` and `tags` are appended, all else is replaced.

    A reference is replaced as a whole, since what stands beside one is not read by everybody.
    """
    if not isinstance(base, dict) or not isinstance(addition, dict) or "$ref" in base:
        return deepcopy(addition)
    merged = dict(base)
    for key, value in addition.items():
        if key in ("parameters", "tags") and isinstance(value, list) and isinstance(merged.get(key), list):
            merged[key] = [*merged[key], *deepcopy(value)]
            continue
        merged[key] = merge(merged[key], value) if key in merged else deepcopy(value)
    return merged
