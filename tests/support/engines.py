"""Engines with the documented fixtures, for tests that call them without a socket."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.engine.handle import Engine
from mockserver.exchange import Call, Reply
from mockserver.seeding.load import seed_root
from mockserver.world.root import Root
from mockserver.world.world import World
from tests.support import tokens

Json = Any
ORIGIN = "http://localhost:8585"
MEDIA_TYPES = {"PATCH": "application/json-patch+json"}


@cache
def contract_of(profile: str) -> Contract:
    return load_contract("openmetadata", profile)


@cache
def engine_of(profile: str) -> Engine:
    return Engine(contract_of(profile), OpenMetadata(), tokens.signer())


@cache
def seeds_of(profile: str) -> Root:
    return seed_root(contract_of(profile), OpenMetadata(), "documented").root


class Caller:
    """A world of one's own, and calls to it."""

    def __init__(self, profile: str = "docs") -> None:
        self.engine = engine_of(profile)
        self.world = World(seeds_of(profile))

    def reply(self, method: str, path: str, body: Json = None, user: str | None = "admin", **headers: str) -> Reply:
        """The answer to a call; `path` follows the prefix `/api/v1`, a `body` of bytes goes out as it is."""
        path, _, query = path.partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if user is not None:
            sent["authorization"] = f"Bearer {tokens.good(user)}"
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        if data:
            sent.setdefault("content-type", MEDIA_TYPES.get(method, "application/json"))
        return self.engine.handle(Call(method, f"/api/v1{path}", query, sent, data, ORIGIN), self.world)

    def ask(self, method: str, path: str, body: Json = None, user: str | None = "admin") -> Json:
        """The value of a successful answer."""
        reply = self.reply(method, path, body, user)
        assert reply.status < 300, reply.body
        return orjson.loads(reply.body)
