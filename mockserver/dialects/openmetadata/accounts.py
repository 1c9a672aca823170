"""How users come in and go out: passwords, sessions, registration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from mockserver.behaviours.claims import claims_of
from mockserver.behaviours.context import Answer, Context, Principal
from mockserver.behaviours.related import living
from mockserver.dialects.openmetadata import build, credentials, policies
from mockserver.dialects.openmetadata.grants import linked
from mockserver.dialects.openmetadata.names import quote
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
INVALID = "You have entered an invalid username or password."
BLOCKED = "Failed Login Attempts Exceeded. Use Forgot Password or retry after some time."
WEAK = "Password must be of minimum 8 characters, with one special, one Upper, one lower case character, and one Digit."
# A password has one of each of these.
PARTS = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"), re.compile(r"[^A-Za-z0-9\s]"))
SHORTEST = 8
MOST_ATTEMPTS = 3
BLOCK_SECONDS = 600
SESSION_SECONDS = 3600
REFRESH_SECONDS = 7 * 24 * 3600


def login(context: Context) -> Answer:
    """A session for who knows the password; after three failures nobody gets one for ten minutes."""
    email, password = str(context.body["email"]), credentials.decoded(str(context.body["password"]))
    user = by_email(context, email)
    if user is None or user.data.get("isBot"):
        raise Problem(400, INVALID)
    failed = credentials.of(user).get("failed", {})
    now = context.world.now()
    attempts = failed.get("attempts", 0) if now < failed.get("until", 0) else 0
    if attempts >= MOST_ATTEMPTS:
        raise Problem(401, BLOCKED)
    if not credentials.is_password(user, password):
        until = now + BLOCK_SECONDS * 1000
        credentials.keep(context.world, user, failed={"attempts": attempts + 1, "until": until})
        raise Problem(401, INVALID, lasting=True)
    user = credentials.keep(context.world, user, failed=None)
    context.world.replace(user.with_data(lastLoginTime=now))
    return _session(context, user.id)


def refresh(context: Context) -> Answer:
    """Another session in exchange for what the last one was given for that; each is taken once."""
    token = str(context.body["refreshToken"])
    if not token.strip():
        raise Problem(400, "Token Cannot be Null or Empty String")
    now = context.world.now()
    claims = _claims(context, token, now)
    user = build.user_named(context.world, str(claims.get("sub", "")))
    sessions = {} if user is None else credentials.of(user).get("sessions", {})
    if user is None or claims.get("jti") not in sessions:
        raise Problem(400, "Expired token. Please login again: this refresh token was used, or was never given")
    left = {id: until for id, until in sessions.items() if id != claims["jti"]}
    credentials.keep(context.world, user, sessions=left)
    return _session(context, user.id)


def logout(context: Context) -> Answer:
    """Ends a session: its token is taken no more."""
    token, now = str(context.body["token"]), context.world.now()
    claims = _claims(context, token, now)
    if claims.get("sub") != context.principal.name and not context.principal.admin:
        raise policies.not_admin(context.principal.name)
    user = build.user_named(context.world, str(claims.get("sub", "")))
    if user is None:
        raise build.not_found("user", str(claims.get("sub")))
    ended = {mark: until for mark, until in credentials.of(user).get("loggedOut", {}).items() if until > now / 1000}
    ended[credentials.mark_of(token)] = claims.get("exp") or float("9e15")
    credentials.keep(context.world, user, loggedOut=ended)
    return Answer(200, "Logout Successful")


def signup(context: Context) -> Answer:
    """A new user, named by what stands before the `@` of the address."""
    body = context.body
    email, password = str(body["email"]).lower(), str(body["password"])
    if by_email(context, email) is not None:
        raise Problem(400, "User with Email Already Exists")
    check_strength(password)
    name = _free_name(context, email.partition("@")[0])
    created = {"name": name, "email": email, "displayName": f"{body['firstName']} {body['lastName']}"}
    context = replace(context, principal=Principal(name), body=created)
    data, links = context.dialect.compose(context, created)
    context.dialect.create(context, data, links)
    user = build.user_named(context.world, name)
    assert user is not None
    credentials.keep(context.world, user, password=credentials.hashed(user.id, password))
    return Answer(201, "User Registration Successful.")


def change_password(context: Context) -> Answer:
    """One's own by the old one, or, by an administrator, somebody else's."""
    body, own = context.body, context.body.get("requestType", "SELF") == "SELF"
    if not own and not context.principal.admin:
        raise policies.not_admin(context.principal.name)
    wanted = context.principal.name if own else str(body.get("username"))
    user = build.user_named(context.world, wanted)
    if user is None:
        raise build.not_found("user", wanted)
    if body["newPassword"] != body["confirmPassword"]:
        raise Problem(400, "Password and Confirm Password should match")
    check_strength(str(body["newPassword"]))
    if own and not credentials.is_password(user, str(body.get("oldPassword") or "")):
        raise Problem(400, "Old Password is not correct")
    password = credentials.hashed(user.id, str(body["newPassword"]))
    credentials.keep(context.world, user, password=password, failed=None)
    return Answer(200, "Password Updated Successfully")


def random_password(context: Context) -> Answer:
    """A password that is good enough to be taken."""
    if not context.principal.admin:
        raise policies.not_admin(context.principal.name)
    drawn = blake2b(f"{context.world.seed}:{context.world.now()}".encode(), digest_size=6).hexdigest()
    return Answer(200, f"{drawn[:6]}@Aa1{drawn[6:]}")


def email_in_use(context: Context) -> Answer:
    return Answer(200, by_email(context, str(context.body["email"])) is not None)


def email_verified(context: Context) -> Answer:
    user = by_email(context, str(context.body["email"]))
    if user is None:
        raise build.not_found("user", str(context.body["email"]))
    return Answer(200, bool(user.data.get("isEmailVerified")))


def by_email(context: Context, email: str) -> Record | None:
    """The living user of that address; the one of its name is looked at first."""
    wanted = email.lower()
    first = build.user_named(context.world, wanted.partition("@")[0])
    if first is not None and str(first.data.get("email", "")).lower() == wanted:
        return first
    users = living(context.world, "users")
    return next((user for user in users if str(user.data.get("email", "")).lower() == wanted), None)


def check_strength(password: str) -> None:
    if len(password) < SHORTEST or not all(part.search(password) for part in PARTS):
        raise Problem(400, WEAK)


def _free_name(context: Context, wanted: str) -> str:
    name, number = wanted, 1
    while context.world.find("users", quote(name)) is not None:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _claims(context: Context, token: str, now: int) -> Mapping[str, Json]:
    try:
        return context.signer.verify(token, now / 1000)
    except Problem as problem:
        raise Problem(400, problem.message) from None


def _session(context: Context, id: str) -> Answer:
    """Tokens for a user: one to call with, and one to ask for the next one with."""
    world, contract = context.world, context.contract
    user = world.record(id)
    assert user is not None
    seconds = world.now() // 1000
    roles = sorted(role.name for role in linked(world, contract, user, "roles"))
    told = {"roles": roles, "username": user.name, "isAdmin": bool(user.data.get("isAdmin")), "jti": world.new_id()}
    access = context.signer.issue({**claims_of(user.data, "OM_USER"), **told, **lifetime(seconds, SESSION_SECONDS)})
    session, until = world.new_id(), seconds + REFRESH_SECONDS
    told = {"jti": session, **lifetime(seconds, REFRESH_SECONDS)}
    again = context.signer.issue({**claims_of(user.data, credentials.REFRESH), **told})
    sessions = {each: end for each, end in credentials.of(user).get("sessions", {}).items() if end > seconds}
    credentials.keep(world, user, sessions={**sessions, session: until})
    duration = (seconds + SESSION_SECONDS) * 1000
    return Answer(
        200, {"accessToken": access, "refreshToken": again, "tokenType": "Bearer", "expiryDuration": duration}
    )


def lifetime(seconds: int, span: int) -> dict[str, Json]:
    return {"iat": seconds, "exp": seconds + span}
