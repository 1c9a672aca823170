"""Regular expressions of a contract: only such as one linear-time engine can match, and validators that use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from jsonschema_rs import Draft202012Validator, ReferencingError, RegexOptions, ValidationError

from mockserver.contract.pointer import Missing, follow, join
from mockserver.contract.problem import ContractError, Finding, Located, shown
from mockserver.contract.reference import steps_of
from mockserver.contract.walk import Trail, objects, pointer_of

Json = Any

SIZE_LIMIT = 10 * 1024 * 1024
PATTERN_OPTIONS = RegexOptions(size_limit=SIZE_LIMIT)
BACKTRACKING = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<")
COUNT = re.compile(r"\{\d+(?:,\d*)?\}")
MOST_PATTERNS = 2_000


def check_patterns(document: Located) -> list[Finding]:
    """Findings on the patterns that the linear-time engine does not take."""
    findings: list[Finding] = []
    faults: dict[str, str | None] = {}
    for trail, pattern in patterns(document.value):
        if pattern not in faults:
            if len(faults) == MOST_PATTERNS:
                findings.append(document.finding(pointer_of(trail), f"more than {MOST_PATTERNS:,} different patterns"))
                break
            faults[pattern] = fault(pattern)
        message = faults[pattern]
        if message is not None:
            findings.append(document.finding(pointer_of(trail), f"pattern {shown(pattern)} {message}"))
    return findings


def patterns(value: Json) -> Iterator[tuple[Trail, str]]:
    """Every regular expression of a document, with the trail to it."""
    for trail, node in objects(value):
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            yield (trail, "pattern"), pattern
        by_pattern = node.get("patternProperties")
        if isinstance(by_pattern, dict):
            yield from ((((trail, "patternProperties"), key), key) for key in by_pattern)


def fault(pattern: str) -> str | None:
    """Why a pattern is refused, to follow the pattern itself; None for one that is matched in linear time."""
    if _compiles(pattern):
        return None
    bare = pattern.replace(r"\\", "")
    if BACKTRACKING.search(bare):
        return "needs a backtracking engine (lookaround or a backreference), which can take for ever; write it without"
    if _compiles(COUNT.sub("+", bare)):
        return "counts repetitions beyond what can be compiled; limit the length by minLength and maxLength instead"
    return "is not a regular expression of ECMA-262"


def validator_for(schema: Mapping[str, Json] | bool, document: Mapping[str, Json]) -> Draft202012Validator:
    """A validator whose `#/…` references mean the document's values; compiles what it reaches and fetches nothing."""
    try:
        return Draft202012Validator(
            {**schema, **_reached(schema, document)} if isinstance(schema, Mapping) else schema,
            validate_formats=True,
            pattern_options=PATTERN_OPTIONS,
            retriever=_refuse,
        )
    except ValidationError as error:
        raise ContractError([Finding("", 0, join(error.instance_path), error.message)]) from None
    except ReferencingError as error:
        raise ContractError([Finding("", 0, "", str(error))]) from None


def _reached(schema: Mapping[str, Json], document: Mapping[str, Json]) -> dict[str, Json]:
    """The parts of the document that the schema leads to, each at its own pointer."""
    found: dict[tuple[str, ...], Json] = {}
    pending: list[Json] = [schema]
    while pending:
        for _, node in objects(pending.pop()):
            ref = node.get("$ref")
            if not isinstance(ref, str):
                continue
            try:
                steps = tuple(steps_of(ref))
                if steps not in found:
                    found[steps] = follow(document, steps)
                    pending.append(found[steps])
            except Missing:
                raise ContractError([Finding("", 0, "", f"{shown(ref)} leads nowhere")]) from None
            except LookupError as error:
                raise ContractError([Finding("", 0, "", str(error.args[0]))]) from None
    return _nested(found)


def _nested(found: Mapping[tuple[str, ...], Json]) -> dict[str, Json]:
    tree: dict[str, Json] = {}
    # The longest first, so that whatever holds others comes after them and takes their place.
    for steps in sorted(found, key=len, reverse=True):
        holder = tree
        for step in steps[:-1]:
            holder = holder.setdefault(step, {})
        holder[steps[-1]] = found[steps]
    return tree


def _compiles(pattern: str) -> bool:
    try:
        Draft202012Validator({"pattern": pattern}, pattern_options=PATTERN_OPTIONS)
    except ValidationError:
        return False
    return True


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not part of the contract; nothing is fetched")
