"""Worlds: made, listed, looked at, compared and taken away."""

from __future__ import annotations

import asyncio
from typing import Any

from mockserver.contract.model import Contract
from mockserver.exchange import Reply
from mockserver.forms import Found, closed, number, text
from mockserver.http.choosing import HEADER, PREFIX
from mockserver.http.control.asking import Asked, answered, done
from mockserver.http.worlds import Described, Worlds
from mockserver.world.diff import differences
from mockserver.world.registry import Source

Json = Any
FIXTURES = "fixtures"
LONGEST_TTL = 366 * 24 * 3600
PLACE = closed({}, {"world": text(), "snapshot": text()})


def source(value: Json, where: str, found: Found) -> None:
    """`"fixtures"`, or a world, or a snapshot of one."""
    if value == FIXTURES:
        return
    if not isinstance(value, dict):
        found.add(where, 'must be "fixtures", {"world": NAME} or {"snapshot": NAME, "world": NAME}')
        return
    PLACE(value, where, found)
    if not value:
        found.add(where, "needs 'world' or 'snapshot'")


NEW = closed({}, {"name": text(), "from": source, "ttl": number(0.001, LONGEST_TTL)})
TAKEN = closed({"from": source})
COMPARED = closed({}, {"before": source, "after": source})


class WorldDesk:
    """Makes worlds of fixtures, of other worlds and of snapshots, and tells what differs between them."""

    def __init__(self, contract: Contract, worlds: Worlds) -> None:
        self._contract = contract
        self._worlds = worlds

    async def listed(self, asked: Asked) -> Reply:
        found = await self._worlds.listed()
        return answered({"worlds": [self._told(asked, each) for each in found], "most": self._worlds.limits.worlds})

    async def create(self, asked: Asked) -> Reply:
        body = asked.body(NEW)
        wanted = _source(body.get("from", FIXTURES), asked.world)
        made = await self._worlds.create(body.get("name"), wanted, body.get("ttl"))
        return answered(self._told(asked, made), 201, (("Location", asked.place(f"/__mock__/worlds/{made.name}")),))

    async def shown(self, asked: Asked) -> Reply:
        return answered(self._told(asked, await self._worlds.described(asked.arguments["name"])))

    async def delete(self, asked: Asked) -> Reply:
        await self._worlds.delete(asked.arguments["name"])
        return done()

    async def restore(self, asked: Asked) -> Reply:
        """Makes this world what another, a snapshot or the fixtures are now; faults and journal stay."""
        root = await self._worlds.root(_source(asked.body(TAKEN)["from"], asked.world))
        await self._worlds.change(asked.world, lambda world: world.go_to(root))
        return done()

    async def diff(self, asked: Asked) -> Reply:
        """What is different in `after` (this world as it is now) from `before` (the fixtures)."""
        body = asked.body(COMPARED)
        here = asked.world
        before = await self._worlds.root(_source(body.get("before", FIXTURES), here))
        after = await self._worlds.root(_source(body.get("after", {"world": here}), here))
        # Long enough for a big state that others should not wait for it; roots never change.
        found = await asyncio.to_thread(differences, before, after, self._contract.stored_by_resource)
        return answered({"differences": [each.describe() for each in found]})

    def _told(self, asked: Asked, described: Described) -> dict[str, Json]:
        """What is known of a world, with the three ways to reach it but the token."""
        base = asked.call.origin.partition(PREFIX)[0] + PREFIX + described.name
        ways = {"url": base, "api": base + self._contract.prefix, "header": {HEADER: described.name}}
        return {**described.as_json(), **ways}


def _source(value: Json, here: str) -> Source:
    """What a checked source means; a snapshot without its world is one of the world that the request chose."""
    if value == FIXTURES:
        return Source()
    return Source(value.get("world", here), value.get("snapshot"))
