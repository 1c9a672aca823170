"""Faults on request: what goes wrong, where, how often."""

from __future__ import annotations

from typing import Any

from mockserver.contract.model import Contract
from mockserver.exchange import Problem, Reply
from mockserver.forms import closed, flag, integer, number, optional, text
from mockserver.http.control.asking import Asked, answered, done
from mockserver.http.control.operations import known_operation
from mockserver.http.worlds import Worlds
from mockserver.world.faults import LONGEST_LATENCY, MOST_HITS, Fault, Faults
from mockserver.world.world import World

Json = Any
EFFECTS = ("status", "latency", "drop")
FAULT = closed(
    {},
    {
        "operation": text(),
        "status": integer(400, 599),
        "message": text(),
        "latency": number(0, LONGEST_LATENCY),
        "drop": flag,
        "probability": number(0, 1),
        "count": optional(integer(1, MOST_HITS)),
    },
)


class FaultDesk:
    """Sets faults and takes them back."""

    def __init__(self, contract: Contract, worlds: Worlds) -> None:
        self._contract = contract
        self._worlds = worlds

    async def listed(self, asked: Asked) -> Reply:
        faults = await self._worlds.look(asked.world, lambda world: world.faults)
        return answered({"faults": [described(fault) for fault in faults.planned]})

    async def add(self, asked: Asked) -> Reply:
        body = asked.body(FAULT)
        operation = body.get("operation", "*")
        known_operation(self._contract, operation, "body /operation")
        if not any(body.get(effect) for effect in EFFECTS):
            raise Problem(400, f"a fault needs an effect: {', '.join(EFFECTS)}")
        if body.get("drop") and "status" in body:
            raise Problem(400, "a dropped connection has no status: set drop or status, not both")
        if "message" in body and "status" not in body:
            raise Problem(400, "a message is told with a status: set status too")
        fault = Fault(
            id=0,
            operation=operation,
            status=body.get("status"),
            message=body.get("message"),
            latency=float(body.get("latency", 0)),
            drop=body.get("drop", False),
            probability=float(body.get("probability", 1)),
            remaining=body.get("count"),
        )
        added = await self._worlds.change(asked.world, lambda world: world.add_fault(fault))
        return answered(described(added), 201, (("Location", asked.place(f"/__mock__/faults/{added.id}")),))

    async def clear(self, asked: Asked) -> Reply:
        await self._worlds.change(asked.world, lambda world: world.set_faults(Faults()))
        return done()

    async def remove(self, asked: Asked) -> Reply:
        text = asked.arguments["id"]

        def removed(world: World) -> None:
            if not (text.isdecimal() and len(text) < 10 and world.remove_fault(int(text))):
                ids = ", ".join(str(fault.id) for fault in world.faults.planned)
                raise Problem(404, f"there is no fault {text}; there are: {ids or 'none'}")

        await self._worlds.change(asked.world, removed)
        return done()


def described(fault: Fault) -> dict[str, Json]:
    return {
        "id": fault.id,
        "operation": fault.operation,
        "status": fault.status,
        "message": fault.message,
        "latency": fault.latency,
        "drop": fault.drop,
        "probability": fault.probability,
        "remaining": fault.remaining,
    }
