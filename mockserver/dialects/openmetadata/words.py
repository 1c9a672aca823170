"""The server's own sentences for some of what a contract finds wrong with a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.exchange import Violation

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
)


def reword(violation: Violation, arguments: Mapping[str, Json]) -> Violation:
    """The violation as the server says it, followed by what would be right."""
    if violation.where.startswith("body"):
        found = next(
            (match.expand(words) for pattern, words in BODIES if (match := pattern.match(str(violation)))), None
        )
        return violation if found is None else Violation(violation.where, f"{found} ({violation.message})")
    place = LISTED.fullmatch(violation.where)
    if place is None or place[1] not in SENTENCES:
        return violation
    sentence = SENTENCES[place[1]].format(name=place[1], value=arguments[place[1]][int(place[2])])
    return Violation(violation.where, f"{sentence} ({violation.message})")
