"""Faults on request: what goes wrong, where, how often."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mockserver.exchange import Problem
from mockserver.forms import closed, flag, integer, number, optional, text
from mockserver.http.control.asking import answered, done, read_body
from mockserver.http.control.operations import known_operation
from mockserver.http.sandbox import Sandbox
from mockserver.world.faults import Fault

Json = Any
LONGEST_LATENCY = 3600
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
        "count": optional(integer(1, 1_000_000)),
    },
)


class FaultDesk:
    """Sets faults and takes them back."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def listed(self, request: Request) -> Response:
        return answered({"faults": [described(fault) for fault in self._sandbox.world.faults]})

    async def add(self, request: Request) -> Response:
        body = await read_body(request, FAULT)
        operation = body.get("operation", "*")
        known_operation(self._sandbox.contract, operation, "body /operation")
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
        added = self._sandbox.world.faults.add(fault)
        return answered(described(added), 201, {"Location": f"/__mock__/faults/{added.id}"})

    async def clear(self, request: Request) -> Response:
        self._sandbox.world.faults.clear()
        return done()

    async def remove(self, request: Request) -> Response:
        text = request.path_params["id"]
        if not (text.isdecimal() and len(text) < 10 and self._sandbox.world.faults.remove(int(text))):
            ids = ", ".join(str(fault.id) for fault in self._sandbox.world.faults)
            raise Problem(404, f"there is no fault {text}; there are: {ids or 'none'}")
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
