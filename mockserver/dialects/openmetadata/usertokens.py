"""Tokens that are made to be kept: one of each bot, and any number that users make for themselves."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.claims import claims_of
from mockserver.behaviours.context import Answer, Context
from mockserver.dialects.openmetadata import build, credentials, policies
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
DAY = 24 * 3600
UNLIMITED = "Unlimited"
# How long each sort of token is good, in seconds.
SPANS = {"OneHour": 3600, **{days: int(days) * DAY for days in ("1", "7", "30", "60", "90")}}


def generate(context: Context) -> Answer:
    """A new token of a bot, in place of the one that it had."""
    bot = _bot(context, str(context.arguments["id"]))
    context.dialect.authorize(context, ["GenerateToken"], bot)
    made = _made(context, bot, str(context.body["JWTTokenExpiry"]), "BOT")
    credentials.keep(context.world, bot, bot=made)
    return Answer(200, made)


def revoke(context: Context) -> Answer:
    """Takes a bot's token away: it has none until another one is made."""
    bot = _bot(context, str(context.body["id"]))
    context.dialect.authorize(context, [policies.FOR_ADMINS], bot)
    gone = {"JWTToken": "", "JWTTokenExpiry": _held(context, bot)["JWTTokenExpiry"]}
    credentials.keep(context.world, bot, bot=gone)
    return Answer(200, gone)


def current(context: Context) -> Answer:
    """The token of a bot."""
    bot = _bot(context, str(context.arguments["id"]))
    context.dialect.authorize(context, [policies.FOR_ADMINS], bot)
    return Answer(200, _held(context, bot))


def mechanism(context: Context) -> Answer:
    """How a bot proves who it is."""
    bot = _bot(context, str(context.arguments["id"]))
    context.dialect.authorize(context, [policies.FOR_ADMINS], bot)
    return Answer(200, {"authType": "JWT", "config": _held(context, bot)})


def personal(context: Context) -> Answer:
    """The tokens that the caller made, or, for an administrator, those of somebody else."""
    return _listed(_somebody(context))


def create_personal(context: Context) -> Answer:
    """A token of the caller's own, under a name that no other one of them has."""
    user, name = _somebody(context), str(context.body["tokenName"])
    if user.data.get("isBot"):
        raise Problem(400, "A bot has one token, which `generateToken` makes")
    held = credentials.of(user).get("personal", [])
    if any(each["tokenName"] == name for each in held):
        raise Problem(400, f"a personal access token is named '{name}' already")
    made = _made(context, user, str(context.body["JWTTokenExpiry"]), credentials.PERSONAL)
    expiry = {"expiryDate": made["JWTTokenExpiresAt"]} if "JWTTokenExpiresAt" in made else {}
    own = {
        "token": context.world.new_id(),
        "tokenName": name,
        "userId": user.id,
        "jwtToken": made["JWTToken"],
        **expiry,
    }
    own["tokenType"] = credentials.PERSONAL
    credentials.keep(context.world, user, personal=[*held, own])
    return Answer(200, own)


def revoke_personal(context: Context) -> Answer:
    """Takes tokens away, those that are named or all of them; what is left is answered."""
    user = _somebody(context)
    gone = {str(id).lower() for id in context.body.get("tokenIds") or ()}
    held = credentials.of(user).get("personal", [])
    everything = bool(context.arguments.get("removeAll"))
    left = [each for each in held if not everything and each["token"] not in gone]
    return _listed(credentials.keep(context.world, user, personal=left))


def _listed(user: Record) -> Answer:
    held = credentials.of(user).get("personal", [])
    return Answer(200, {"data": held, "paging": {"total": len(held)}})


def _somebody(context: Context) -> Record:
    """The caller, or whom an administrator names."""
    principal, wanted = context.principal, context.arguments.get("username")
    if wanted is not None and wanted != principal.name and not principal.admin:
        raise policies.not_admin(principal.name)
    name = str(wanted or principal.name)
    user = build.user_named(context.world, name)
    if user is None:
        raise build.not_found("user", name)
    return user


def _bot(context: Context, id: str) -> Record:
    user = context.world.record(id.lower())
    if user is None or user.resource != "users" or user.deleted:
        raise build.not_found("user", id)
    if not user.data.get("isBot"):
        raise Problem(400, "JWT token is only supported for bot users")
    return user


def _held(context: Context, bot: Record) -> dict[str, Json]:
    """A bot's present token; until one is made, the one that the sandbox hands out."""
    held: dict[str, Json] | None = credentials.of(bot).get("bot")
    if held is not None:
        return held
    return {"JWTToken": context.signer.issue(claims_of(bot.data, "BOT")), "JWTTokenExpiry": UNLIMITED}


def _made(context: Context, user: Record, expiry: str, kind: str) -> dict[str, Json]:
    seconds = context.world.now() // 1000
    claims = {**claims_of(user.data, kind), "jti": context.world.new_id(), "iat": seconds}
    made: dict[str, Json] = {"JWTTokenExpiry": expiry}
    if expiry != UNLIMITED:
        claims["exp"] = seconds + SPANS[expiry]
        made["JWTTokenExpiresAt"] = claims["exp"] * 1000
    return {"JWTToken": context.signer.issue(claims), **made}
