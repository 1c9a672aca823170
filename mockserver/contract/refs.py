"""References of a contract: followed, checked, and turned into references inside one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockserver.contract.bundler import Bundler, CameFrom
from mockserver.contract.pointer import Missing, follow, join
from mockserver.contract.problem import ContractError, Finding, Located, nearest, shown
from mockserver.contract.reference import is_reference, steps_of
from mockserver.contract.sources import Sources
from mockserver.contract.walk import Trail, objects, pointer_of
from mockserver.contract.yamlfile import Document

Json = Any

# Looking for the nearest name is slow enough for a document full of wrong references to matter.
MOST_SUGGESTIONS = 100
LONGEST_CYCLE_SHOWN = 5


def bundle(root_document: Document, sources: Sources, came_from: CameFrom | None = None) -> dict[str, Json]:
    """The root document with all that it refers to in other files; ContractError has every reference that fails.

    Components of other files become components; a schema that is none is named after its pointer or file; all else is
    written out where it is referred to. The files' values stay as they are, and the result shares what lies below
    its components and path items with them. `came_from` is told of all that moved: its pointer, file and pointer there.
    """
    if not isinstance(root_document.value, dict):
        raise ContractError([root_document.finding("", "a contract is a mapping that begins with 'openapi:'")])
    return Bundler(root_document, sources, came_from).run()


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


def check_refs(document: Located) -> list[Finding]:
    """Findings on references that lead nowhere, to no object, or only to one another."""
    findings: list[Finding] = []
    leads: dict[str, str] = {}
    faults: dict[str, tuple[str, str | None] | None] = {}
    for trail, ref in references(document.value):
        if ref not in faults:
            faults[ref] = _fault(document.value, ref, leads, suggest=len(findings) < MOST_SUGGESTIONS)
        fault = faults[ref]
        if fault is not None:
            findings.append(document.finding(pointer_of(trail), *fault))
    return [*findings, *_cycles(document, leads)]


def _fault(document: Json, ref: str, leads: dict[str, str], *, suggest: bool) -> tuple[str, str | None] | None:
    """What is wrong with a reference, and what it may have meant; notes in `leads` where it leads to a further one."""
    try:
        steps = steps_of(ref)
        target = follow(document, steps)
    except Missing as missing:
        suggestion = nearest(missing.token, missing.inside) if suggest and isinstance(missing.inside, dict) else None
        return f"{shown(ref)} leads nowhere: no {shown(missing.token)} in {missing.at or 'the document'}", suggestion
    except LookupError as error:
        return str(error.args[0]), None
    if isinstance(target, dict):
        further = target.get("$ref")
        if isinstance(further, str) and further.startswith("#/"):
            leads[join(steps)] = unquote(further[1:])
        return None
    if isinstance(target, bool):
        return None
    return f"{shown(ref)} leads to a {_kind(target)}, where an object is needed", None


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
    first = members.index(min(members))
    members = [*members[first:], *members[:first]]
    named = [f"#{member}" for member in members[:LONGEST_CYCLE_SHOWN]]
    if len(members) > LONGEST_CYCLE_SHOWN:
        named.append("…")
    return document.finding(
        f"{members[0]}/$ref", f"references that lead only to one another: {' -> '.join([*named, named[0]])}"
    )


def _kind(value: Json) -> str:
    return "list" if isinstance(value, list) else "text" if isinstance(value, str) else "plain value"
