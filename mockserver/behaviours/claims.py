"""What every token says of its user, and what signs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

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


class Signer(Protocol):
    """Signs tokens, and knows those that it signed."""

    def issue(self, claims: Mapping[str, Json]) -> str:
        """A token that says this."""

    def verify(self, token: str, now: float) -> Mapping[str, Json]:
        """What a good token says, `now` in seconds since 1970; a 401 Problem for any other."""

    def key_set(self) -> dict[str, Json]:
        """What others check its tokens by."""
