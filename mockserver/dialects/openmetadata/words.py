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
    (
        re.compile(r'body /teamType: "Organization" is not one of'),
        "Only one Organization is allowed. New Organization type can't be created",
    ),
    (re.compile(r"body /email: .* is (?:shorter|longer) than"), "query param email size must be between 6 and 127"),
    (re.compile(r"body /email: .* does not match (.*)"), r"query param email must match \1"),
)
OWNERS = re.compile(r"body.* /owners")
OWNERSHIP = (
    "Rule [Multiple Users or Single Team Ownership] validation failed: Entity does not satisfy the rule. "
    "Rule context: Validates that an entity has either multiple owners or a single team as the owner."
)
NO_EMAIL = Violation("", "query param email must not be null")


def reword(violation: Violation, arguments: Mapping[str, Json]) -> Violation:
    """The violation as the server says it, followed by what would be right."""
    if violation.where.startswith("body"):
        return _reword_body(violation)
    place = LISTED.fullmatch(violation.where)
    if place is None or place[1] not in SENTENCES:
        return violation
    sentence = SENTENCES[place[1]].format(name=place[1], value=arguments[place[1]][int(place[2])])
    return Violation(violation.where, f"{sentence} ({violation.message})")


def _reword_body(violation: Violation) -> Violation:
    said = str(violation)
    if said == 'body: "email" is a required property':
        return NO_EMAIL
    if OWNERS.fullmatch(violation.where) and "not valid under any of" in violation.message:
        return Violation(violation.where, OWNERSHIP)
    for pattern, sentence in BODIES:
        if match := pattern.match(said):
            return Violation(violation.where, f"{match.expand(sentence)} ({violation.message})")
    return violation
