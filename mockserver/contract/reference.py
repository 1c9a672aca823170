"""One reference: how it is written, and the steps that it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from mockserver.contract.pointer import follow, split
from mockserver.contract.problem import shown

Json = Any
URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9#/._~!$&'()*+,;=:@?-]|%[0-9A-Fa-f]{2})*")
SAFE = "/~!$&'()*+,;=:@?"


def steps_of(ref: str) -> list[str]:
    """The steps of an internal reference; LookupError when it is none."""
    if not ref.startswith("#"):
        raise LookupError(f"{shown(ref)} leads out of the document")
    pointer = unquote(ref[1:])
    if pointer and not pointer.startswith("/"):
        raise LookupError(f"{shown(ref)} is an anchor; only JSON pointers ('#/…') are followed")
    if not pointer:
        raise LookupError(f"{shown(ref)} is the whole document; name a part of it, such as '#/components/schemas/…'")
    return split(pointer)


def resolve(document: Mapping[str, Json], ref: str) -> Json:
    """What an internal reference means, through every reference that it leads to; LookupError when there is nothing."""
    seen: set[str] = set()
    while ref not in seen:
        seen.add(ref)
        value = follow(document, steps_of(ref))
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return value
        ref = value["$ref"]
    raise LookupError(f"{shown(ref)} leads back to itself")


def resolved(document: Mapping[str, Json], schema: Json) -> Json:
    """What a chain of internal references leads to; an empty object where it leads nowhere."""
    if not isinstance(schema, dict) or "$ref" not in schema:
        return schema
    try:
        return resolve(document, schema["$ref"])
    except (LookupError, ValueError):
        return {}


def encoded(ref: str) -> str:
    """The reference with everything percent-encoded that a URI may not hold."""
    return ref if URI_REFERENCE.fullmatch(ref) else quote(unquote(ref), safe=f"#{SAFE}")


def ref_to(pointer: str) -> str:
    """The internal reference to a pointer."""
    return f"#{quote(pointer, safe=SAFE)}"


def is_reference(word: str) -> bool:
    """Whether the word in a discriminator's mapping means a place, not a component's name."""
    return "#" in word or "/" in word or word.endswith((".yaml", ".yml", ".json"))
