"""Traits: operations written once, filled in with a resource's words and laid over one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Json = Any
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


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
