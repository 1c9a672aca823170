"""What was told to others, or is still to be: to whom, about what, how often it was tried, and what came of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from mockserver.exchange import Reply
from mockserver.http.control.asking import Asked, Reader, answered, done, whole_number
from mockserver.http.worlds import Worlds
from mockserver.world.outbox import OPEN, STATES, Delivery, Outbox
from mockserver.world.world import World

Json = Any
MOST_LISTED = 2000
DEFAULT_LISTED = 100
HIDDEN = frozenset(("authorization", "cookie", "proxy-authorization", "x-api-key"))


def state(text: str) -> str:
    if text not in (*STATES, "open"):
        raise ValueError(f"one of {', '.join(STATES)}, or open for those that have not come to an end")
    return text


READERS: Mapping[str, Reader] = {
    "state": state,
    "subscription": str,
    "destination": str,
    "address": str,
    "eventType": str,
    "entityType": str,
    "entity": str,
    "recipient": str,
    "since": whole_number(0, 10**18),
    "limit": whole_number(1, MOST_LISTED),
}
Test = Callable[[Delivery, Any], bool]
TESTS: Mapping[str, Test] = {
    "state": lambda each, wanted: each.state in OPEN if wanted == "open" else each.state == wanted,
    "subscription": lambda each, wanted: wanted in (each.subscription, each.name),
    "destination": lambda each, wanted: each.destination == wanted.lower(),
    "address": lambda each, wanted: fnmatchcase(each.address, wanted),
    "eventType": lambda each, wanted: each.kind == wanted,
    "entityType": lambda each, wanted: each.entity_type == wanted,
    "entity": lambda each, wanted: fnmatchcase(each.entity, wanted),
    "recipient": lambda each, wanted: any(wanted in (who, who.partition(" ")[2]) for who in each.recipients),
    "since": lambda each, wanted: each.number > wanted,
}


class DeliveryDesk:
    """Lists deliveries, by filters, and forgets them."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    async def listed(self, asked: Asked) -> Reply:
        """The latest that pass all filters, oldest first."""
        wanted = asked.query(READERS)
        limit = wanted.pop("limit", DEFAULT_LISTED)
        return answered(await self._worlds.look(asked.world, lambda world: picked(world.root.outbox, wanted, limit)))

    async def clear(self, asked: Asked) -> Reply:
        """Forgets all; what was not sent is not sent any more."""
        await self._worlds.change(asked.world, forget)
        return done()


def forget(world: World) -> None:
    outbox = world.root.outbox
    world.set_outbox(Outbox(first=outbox.next, next=outbox.next))


def picked(outbox: Outbox, wanted: Mapping[str, Json], limit: int) -> dict[str, Json]:
    """The latest that pass all filters, how many there ever were, and how many have not come to an end."""
    passing = (each for each in outbox.listed() if all(TESTS[name](each, value) for name, value in wanted.items()))
    found = deque(passing, maxlen=limit)
    return {"deliveries": [described(each) for each in found], "seen": outbox.next, "open": len(outbox.open)}


def described(delivery: Delivery) -> dict[str, Json]:
    """A delivery as JSON; secrets among its headers are left out."""
    told: dict[str, Json] = {
        "sequence": delivery.number,
        "id": delivery.id,
        "timestamp": delivery.timestamp,
        "state": delivery.state,
        "subscription": {"id": delivery.subscription, "name": delivery.name},
        "destination": delivery.destination,
        "type": delivery.channel,
        "address": delivery.address,
        "recipients": list(delivery.recipients),
        "event": delivery.event,
        "eventType": delivery.kind,
        "entityType": delivery.entity_type,
        "entity": delivery.entity,
        "headers": {name: "…" if name.lower() in HIDDEN else value for name, value in delivery.headers.items()},
        "body": delivery.body,
        "attempts": [
            {key: value for key, value in attempt._asdict().items() if value is not None}
            for attempt in delivery.attempts
        ],
    }
    if delivery.reason is not None:
        told["reason"] = delivery.reason
    if delivery.state == "waiting":
        told["due"] = delivery.due
    return told
