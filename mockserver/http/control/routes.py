"""Every path of the control plane, and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver.exchange import Problem
from mockserver.http.control.asking import NOTHING, answered, done, read_body, world_of
from mockserver.http.control.clock import ClockDesk
from mockserver.http.control.faults import FaultDesk
from mockserver.http.control.journal import JournalDesk
from mockserver.http.control.snapshots import SnapshotDesk
from mockserver.http.control.state import StateDesk
from mockserver.http.control.worlds import WorldDesk
from mockserver.http.sandbox import Sandbox
from mockserver.world.world import World

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(sandbox: Sandbox, *, trusted: bool) -> list[Route]:
    """The routes below /__mock__. `trusted`: every caller has shown the control token."""
    front = Front(sandbox, trusted)
    contract, held = sandbox.contract, sandbox.worlds
    state, snapshots, journal = StateDesk(sandbox), SnapshotDesk(held), JournalDesk(contract, held)
    clock, faults, worlds = ClockDesk(held), FaultDesk(contract, held), WorldDesk(contract, held)
    return [
        at("/health", GET=front.health),
        at("/reset", POST=front.reset),
        at("/tokens", GET=front.tokens),
        at("/state", GET=state.export, PUT=state.take, POST=state.take),
        at("/snapshots", GET=snapshots.listed),
        at("/snapshots/{name}", PUT=snapshots.keep, POST=snapshots.keep, DELETE=snapshots.forget),
        at("/snapshots/{name}/restore", POST=snapshots.restore),
        at("/worlds", GET=worlds.listed, POST=worlds.create),
        at("/worlds/{name}", GET=worlds.shown, DELETE=worlds.delete),
        at("/diff", POST=worlds.diff),
        at("/requests", GET=journal.listed, DELETE=journal.clear),
        at("/clock", GET=clock.shown),
        at("/clock/freeze", POST=clock.freeze),
        at("/clock/advance", POST=clock.advance),
        at("/clock/resume", POST=clock.resume),
        at("/faults", GET=faults.listed, POST=faults.add, DELETE=faults.clear),
        at("/faults/{id}", DELETE=faults.remove),
    ]


def at(path: str, **handlers: Handler) -> Route:
    """One route a path, so that a refused method is told all that the path has."""

    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, answer, methods=list(handlers))


class Front:
    """Is it there, start over, and who may come in."""

    def __init__(self, sandbox: Sandbox, trusted: bool) -> None:
        self._sandbox = sandbox
        self._trusted = trusted

    async def health(self, request: Request) -> Response:
        contract = self._sandbox.contract
        return answered({"status": "ok", "contract": contract.name, "operations": len(contract.operations)})

    async def reset(self, request: Request) -> Response:
        """Back to the seeds, as after the start."""
        await read_body(request, NOTHING)
        await self._sandbox.worlds.change(world_of(request), World.reset)
        return done()

    async def tokens(self, request: Request) -> Response:
        """Tokens are of use at any sandbox of this user, so they are shown to nobody who could not show one."""
        if not self._trusted:
            reason = "tokens are told only where --control-token protects them; they are in the --ready-file, and"
            raise Problem(403, f"{reason} `mockserver token USER` makes one")
        return answered(self._sandbox.tokens())
