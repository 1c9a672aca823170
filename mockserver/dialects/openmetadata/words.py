"""The server's own sentences for some of what a contract finds wrong with a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.exchange import Problem, Violation

Json = Any
LISTED = re.compile(r"query (\w+)/(\d+)")
SENTENCES = {
    "fields": "Invalid field name {value}",
    "entityCreated": "Invalid entity {value} in query param {name}",
    "entityUpdated": "Invalid entity {value} in query param {name}",
    "entityDeleted": "Invalid entity {value} in query param {name}",
}
# What the contract says of a body, and the server's sentence for it.
BODIES = (
    (
        re.compile(r'body(?: \(patched\))?(?: /policies: \[\] has less than|: "policies" is a required)'),
        "At least one policy is required in a role",
    ),
    (re.compile(r"body(?: \(patched\))? /rules: \[\] has less than"), "At least one rule is required in a policy"),
    (
        re.compile(r'body(?: \(patched\))? /rules/\d+: "(operations|resources)" is a required property'),
        r"\1 must not be null",
    ),
    (
        re.compile(r'body /teamType: "Organization" is not one of'),
        "Only one Organization is allowed. New Organization type can't be created",
    ),
    (re.compile(r"body /email: .* is (?:shorter|longer) than"), "query param email size must be between 6 and 127"),
    (re.compile(r"body /email: .* does not match (.*)"), r"query param email must match \1"),
)
# What the type of a column asks for, by the field that is missing.
LACKING = {
    "dataLength": "For column data types char, varchar, binary, varbinary dataLength must not be null",
    "arrayDataType": "For column data type array, arrayDataType must not be null",
    "children": "For column data type struct, children must not be null",
}
NO_EMAIL = Violation("", "query param email must not be null")
BOUNDS = {
    "required": "must not be null",
    "minimum": "must be greater than or equal to {limit}",
    "maximum": "must be less than or equal to {limit}",
}


def refusal(violations: Iterable[Violation], arguments: Mapping[str, Json], *, plain: bool) -> Problem:
    """All that is wrong with a request: each with its place, or if `plain` in the server's words where it has some."""
    found = list(violations)
    told = [reword(each, arguments) for each in found]
    if not plain:
        return Problem.of(told)
    sentences = [_sentence(each, arguments) for each in found]
    if len(found) == 1 and sentences[0] is not None:
        return Problem(400, sentences[0], violations=tuple(told))
    texts = (str(words or _bound(each) or each) for words, each in zip(sentences, found, strict=True))
    return Problem(400, f"[{', '.join(texts)}]", violations=tuple(told))


def reword(violation: Violation, arguments: Mapping[str, Json]) -> Violation:
    """The violation as the server says it, followed by what would be right."""
    if str(violation) == 'body: "email" is a required property':
        return NO_EMAIL
    sentence = _sentence(violation, arguments)
    if sentence is None:
        return violation
    hint = "" if sentence in LACKING.values() else f" ({violation.message})"
    return Violation(violation.where, f"{sentence}{hint}")


def _sentence(violation: Violation, arguments: Mapping[str, Json]) -> str | None:
    """What the server says of this one, alone where nothing else is wrong."""
    if violation.where.startswith("body"):
        said = str(violation)
        found = next((match.expand(words) for pattern, words in BODIES if (match := pattern.match(said))), None)
        return found or (LACKING.get(str(violation.limit)) if violation.rule == "required" else None)
    place = LISTED.fullmatch(violation.where)
    if place is None or place[1] not in SENTENCES:
        return None
    return SENTENCES[place[1]].format(name=place[1], value=arguments[place[1]][int(place[2])])


def _bound(violation: Violation) -> str | None:
    """What the server says of a value that is missing or out of bounds; it calls all of them query parameters."""
    if violation.rule not in BOUNDS:
        return None
    name = violation.limit if violation.rule == "required" else re.split(r"[ /]", violation.where)[-1]
    name = str(name).removeprefix("query ").removeprefix("path ")
    return f"query param {name} {BOUNDS[violation.rule].format(limit=violation.limit)}"
