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


def reword(violation: Violation, arguments: Mapping[str, Json]) -> Violation:
    """The violation as the server says it, followed by what would be right."""
    place = LISTED.fullmatch(violation.where)
    if place is None or place[1] not in SENTENCES:
        return violation
    sentence = SENTENCES[place[1]].format(name=place[1], value=arguments[place[1]][int(place[2])])
    return Violation(violation.where, f"{sentence} ({violation.message})")
