"""Bearer tokens of every kind that a caller may send, good ones and bad ones."""

from __future__ import annotations

import time
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mockserver.engine.tokens import Tokens, claims_for


@cache
def key(owner: str) -> bytes:
    """A private key as PEM, one for each owner."""
    made = generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def signer(owner: str = "server") -> Tokens:
    return Tokens(key(owner))


def good(user: str) -> str:
    return signer().issue(claims_for({"name": user}))


def forged(user: str) -> str:
    """Right in everything but the key that signed it."""
    return Tokens(key("stranger")).issue(claims_for({"name": user}))


def expired(user: str) -> str:
    # A signer of its own, so that the server has not seen the token before.
    return Tokens(key("server")).issue(claims_for({"name": user}, time.time(), expired=True))


def expired_and_forged(user: str) -> str:
    return Tokens(key("stranger")).issue(claims_for({"name": user}, time.time(), expired=True))


def unsigned(user: str) -> str:
    """One whose header says that no signature is needed."""
    return jwt.encode({"sub": user, "iat": int(time.time())}, "", algorithm="none")


def symmetric(user: str) -> str:
    """One that is signed with a shared secret instead of the server's key."""
    return jwt.encode({"sub": user}, "a secret that is long enough to be one", algorithm="HS256")


def tampered(user: str) -> str:
    """A good token of the guest, its claims replaced by another user's."""
    head, _, signature = good("guest").split(".")
    return ".".join((head, unsigned(user).split(".")[1], signature))
