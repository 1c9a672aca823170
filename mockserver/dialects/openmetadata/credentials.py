"""What users prove who they are with: passwords and tokens, kept with them, never shown, and no part of versions."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import blake2b, scrypt
from hmac import compare_digest
from typing import Any

from mockserver.exchange import Problem
from mockserver.world.record import Data, Record
from mockserver.world.transaction import Transaction

Json = Any
FIELD = "credentials"
PERSONAL = "PERSONAL_ACCESS"
REFRESH = "REFRESH_TOKEN"
# Enough to keep a password from being read off, and little enough to keep nobody waiting.
COST = 4096


def of(user: Record) -> dict[str, Json]:
    found: dict[str, Json] = user.data.get(FIELD, {})
    return found


def keep(world: Transaction, user: Record, **changes: Json) -> Record:
    """The user with these credentials beside the others, stored; one that is None goes."""
    held = {name: value for name, value in {**of(user), **changes}.items() if value is not None}
    changed = user.with_data(**{FIELD: held})
    world.replace(changed)
    return changed


def begin(id: str, data: Data, body: Mapping[str, Json]) -> Data:
    """The fields of a new record, with the password that its body sets."""
    if not body.get("password"):
        return data
    if body.get("createPasswordType") == "ADMIN_CREATE" and body["password"] != body.get("confirmPassword"):
        raise Problem(400, "Password and Confirm Password should be same.")
    return {**data, FIELD: {"password": hashed(id, str(body["password"]))}}


def hashed(id: str, password: str) -> str:
    return scrypt(password.encode("utf-8", "surrogatepass"), salt=id.encode(), n=COST, r=8, p=1, dklen=32).hex()


def is_password(user: Record, password: str) -> bool:
    held = of(user).get("password")
    return held is not None and compare_digest(str(held), hashed(user.id, password))


def decoded(text: str) -> str:
    """A password as it travels in requests to log in."""
    try:
        return b64decode(text, validate=True).decode()
    except (NotBase64, ValueError):
        raise Problem(400, "Password needs to be encoded in Base-64.") from None


def mark_of(token: str) -> str:
    """What a token is known by where it is not to be kept."""
    return blake2b(token.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def admit(user: Record, token: str, kind: str) -> None:
    """Refuses with 401 a token that was good once: logged out, revoked, or replaced by another one."""
    held = of(user)
    if kind == REFRESH:
        raise Problem(401, "Not Authorized! Invalid token. It is good for /v1/users/refresh alone.")
    if mark_of(token) in held.get("loggedOut", {}):
        raise Problem(401, "Invalid token, used after logout!")
    if user.data.get("isBot") and "bot" in held and held["bot"]["JWTToken"] != token:
        raise Problem(401, "Not Authorized! The given token does not match the current bot's token!")
    if kind == PERSONAL and all(each["jwtToken"] != token for each in held.get("personal", ())):
        raise Problem(401, "Not Authorized! Invalid personal access token!")
