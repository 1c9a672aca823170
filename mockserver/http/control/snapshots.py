"""Named states to come back to."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem
from mockserver.http.control.asking import NOTHING, answered, done, read_body
from mockserver.http.sandbox import Sandbox

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
MOST_KEPT = 100


class SnapshotDesk:
    """Keeps states under names, goes back to them, forgets them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = sandbox.world

    async def listed(self, request: Request) -> Response:
        kept = self._world.snapshots.items()
        return answered({"snapshots": [{"name": name, "records": len(root.records)} for name, root in kept]})

    async def keep(self, request: Request) -> Response:
        name = request.path_params["name"]
        await read_body(request, NOTHING)
        if not NAME.fullmatch(name):
            raise Problem(
                400, f"{shown(name)} cannot name a snapshot; use letters, digits, '.', '_' and '-', 64 at most"
            )
        known = name in self._world.snapshots
        if not known and len(self._world.snapshots) >= MOST_KEPT:
            raise Problem(409, f"{MOST_KEPT} snapshots are kept already; delete one first")
        self._world.snapshot(name)
        return answered({"name": name, "records": len(self._world.root.records)}, 200 if known else 201)

    async def restore(self, request: Request) -> Response:
        name = request.path_params["name"]
        await read_body(request, NOTHING)
        if not self._world.restore(name):
            raise self._missing(name)
        return done()

    async def forget(self, request: Request) -> Response:
        name = request.path_params["name"]
        if self._world.snapshots.pop(name, None) is None:
            raise self._missing(name)
        return done()

    def _missing(self, name: str) -> Problem:
        meant = nearest(name, self._world.snapshots)
        hint = f"; did you mean '{meant}'?" if meant else ""
        return Problem(404, f"there is no snapshot {shown(name)}{hint}")
