"""Bearer tokens: RS256 JWTs of the sandbox's own key, made and checked."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from mockserver.behaviours.claims import claims_of
from mockserver.exchange import Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

Json = Any
ALGORITHM = "RS256"
KNOWN_TOKENS = 4096
HOUR = 3600
WORLD = "world"


class Tokens:
    """Signs and verifies with one key; a token that was verified once is known by its text."""

    def __init__(self, key_pem: bytes) -> None:
        self._pem = key_pem
        self._claims: dict[str, Mapping[str, Json]] = {}

    @cached_property
    def _key(self) -> RSAPrivateKey:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(self._pem, None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the sandbox's key is not an RSA key")
        return key

    def issue(self, claims: Mapping[str, Json]) -> str:
        """A signed token; `sub` names the user, `exp` (seconds since 1970) is when it expires."""
        import jwt

        token = jwt.encode(dict(claims), self._key, algorithm=ALGORITHM, headers={"kid": self.key_id})
        self._claims[token] = dict(claims)
        return token

    def trust(self, token: str, claims: Mapping[str, Json]) -> None:
        """Knows a token that this key is known to have signed."""
        self._claims[token] = claims

    def verify(self, token: str, now: float) -> Mapping[str, Json]:
        """The claims of a valid token; a 401 Problem says what is wrong with any other. `now` in seconds since 1970."""
        claims = self._claims.get(token)
        if claims is None:
            claims = self._decode(token, now)
            if len(self._claims) >= KNOWN_TOKENS:
                self._claims.clear()
            self._claims[token] = claims
        expiry = claims.get("exp")
        if expiry is not None and expiry <= now:
            raise expired()
        return claims

    def _decode(self, token: str, now: float) -> Mapping[str, Json]:
        import jwt

        try:
            seen = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
        except jwt.PyJWTError as error:
            raise Problem(401, f"Not Authorized! Invalid token. {error}") from error
        expiry = seen.get("exp")
        if isinstance(expiry, int | float) and expiry <= now:
            raise expired()
        try:
            claims: Mapping[str, Json] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
            )
        except jwt.InvalidAlgorithmError as error:
            raise Problem(401, f"Not Authorized! Invalid token. Only {ALGORITHM} is taken.") from error
        except jwt.PyJWTError as error:
            reason = f"Token verification failed. Public key mismatch. due to {error}"
            raise Problem(401, f"Not Authorized! Invalid token. {reason}") from error
        if expiry is not None and not isinstance(expiry, int | float):
            raise Problem(401, "Not Authorized! Invalid token. `exp` is no number.")
        return claims

    @cached_property
    def key_id(self) -> str:
        from hashlib import sha256

        return sha256(self._pem).hexdigest()[:16]

    def key_set(self) -> dict[str, Json]:
        """The public key as a JSON Web Key Set."""
        from jwt.algorithms import RSAAlgorithm

        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "use": "sig", "alg": ALGORITHM, "kid": self.key_id}]}


def expired() -> Problem:
    return Problem(401, "Expired token!")


def claimed_world(token: str) -> str | None:
    """The world that a token says it is for, whoever signed it: whether it may say so is looked at in that world."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = orjson.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    world = claims.get(WORLD) if isinstance(claims, dict) else None
    return world if isinstance(world, str) else None


def claims_for(
    user: Mapping[str, Json],
    now: float = 0,
    *,
    lifetime: float | None = None,
    expired: bool = False,
    world: str | None = None,
) -> dict[str, Json]:
    """The claims of a user's token; without lifetime (seconds from `now`) it never expires, and is always the same.

    A token for a `world` leads there by itself, and nowhere else.
    """
    claims = claims_of(user, "BOT" if user.get("isBot") else "OM_USER")
    if world is not None:
        claims[WORLD] = world
    if lifetime is None and not expired:
        return claims
    issued = int(now) - 2 * HOUR if expired else int(now)
    return {**claims, "iat": issued, "exp": issued + int(HOUR if lifetime is None or expired else lifetime)}
