"""What every token says of its user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any
ISSUER = "open-metadata.org"


def claims_of(user: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """The claims of a token of some kind, for a user with these fields."""
    return {
        "iss": ISSUER,
        "sub": user["name"],
        "email": user.get("email"),
        "isBot": bool(user.get("isBot")),
        "tokenType": kind,
    }
