"""References inside one document: where they stand, what they mean, and which of them are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from mockserver.contract.pointer import Missing, follow, join, split
from mockserver.contract.problem import Finding, Located, nearest, shown
from mockserver.contract.walk import Trail, objects, pointer_of

Json = Any

URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9#/._~!$&'()*+,;=:@?-]|%[0-9A-Fa-f]{2})*")
MOST_SUGGESTIONS = 100
LONGEST_CYCLE_SHOWN = 5


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


def steps_of(ref: str) -> list[str]:
    """The steps of an internal reference; LookupError when it is none."""
    if not ref.startswith("#"):
        raise LookupError(f"{shown(ref)} leads out of the document")
    pointer = unquote(ref[1:])
    if pointer and not pointer.startswith("/"):
        raise LookupError(f"{shown(ref)} is an anchor; only JSON pointers ('#/…') are followed")
    return split(pointer)


def encoded(ref: str) -> str:
    """The reference with everything percent-encoded that a URI may not hold."""
    return ref if URI_REFERENCE.fullmatch(ref) else quote(unquote(ref), safe="#/~!$&'()*+,;=:@?")


def references(value: Json) -> Iterator[tuple[Trail, str]]:
    """Every reference, with the trail to it."""
    for trail, node in objects(value):
        ref = node.get("$ref")
        if isinstance(ref, str):
            yield (trail, "$ref"), ref
        operation = node.get("operationRef")
        if isinstance(operation, str) and operation.startswith("#"):
            yield (trail, "operationRef"), operation
        if trail is not None and trail[1] == "discriminator" and isinstance(node.get("mapping"), dict):
            for name, target in node["mapping"].items():
                if isinstance(target, str) and is_reference(target):
                    yield ((trail, "mapping"), name), target


def is_reference(word: str) -> bool:
    """Whether the word in a discriminator's mapping means a place, not a component's name."""
    return "#" in word or "/" in word or word.endswith((".yaml", ".yml", ".json"))


def check_refs(document: Located) -> list[Finding]:
    """Findings on references that lead nowhere, to no object, or only to one another."""
    findings: list[Finding] = []
    leads: dict[str, str] = {}
    for trail, ref in references(document.value):
        at = pointer_of(trail)
        try:
            steps = steps_of(ref)
            target = follow(document.value, steps)
        except Missing as missing:
            findings.append(_dangling(document, at, ref, missing, suggest=len(findings) < MOST_SUGGESTIONS))
            continue
        except LookupError as error:
            findings.append(document.finding(at, str(error.args[0])))
            continue
        if not isinstance(target, dict | bool):
            findings.append(document.finding(at, f"{shown(ref)} leads to a {_kind(target)}, where an object is needed"))
        if trail is not None and trail[1] == "$ref":
            leads[at.removesuffix("/$ref")] = join(steps)
    return [*findings, *_cycles(document, leads)]


def _dangling(document: Located, at: str, ref: str, missing: Missing, *, suggest: bool) -> Finding:
    place = missing.at or "the top of the document"
    suggestion = nearest(missing.token, missing.inside) if suggest and isinstance(missing.inside, dict) else None
    return document.finding(at, f"{shown(ref)} leads nowhere: no {shown(missing.token)} in {place}", suggestion)


def _cycles(document: Located, leads: Mapping[str, str]) -> list[Finding]:
    findings: list[Finding] = []
    settled: set[str] = set()
    for start in leads:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in settled and at not in way:
            way[at] = None
            at = leads.get(at)
        if at is not None and at in way:
            findings.append(_cycle(document, list(way)[list(way).index(at) :]))
        settled.update(way)
    return findings


def _cycle(document: Located, members: list[str]) -> Finding:
    named = [f"#{member}" for member in members[:LONGEST_CYCLE_SHOWN]]
    if len(members) > LONGEST_CYCLE_SHOWN:
        named.append("…")
    return document.finding(f"{members[0]}/$ref", f"references that lead only to one another: {' -> '.join([*named, named[0]])}")


def _kind(value: Json) -> str:
    return "list" if isinstance(value, list) else "text" if isinstance(value, str) else "plain value"
