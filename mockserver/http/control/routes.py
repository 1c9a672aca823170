"""Every path of the control plane, and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from mockserver.exchange import Problem, Reply
from mockserver.forms import closed, flag, number, text
from mockserver.http.control.asking import NOTHING, Asked, answered, done
from mockserver.http.control.clock import ClockDesk
from mockserver.http.control.deliveries import DeliveryDesk
from mockserver.http.control.faults import FaultDesk
from mockserver.http.control.journal import JournalDesk
from mockserver.http.control.snapshots import SnapshotDesk
from mockserver.http.control.state import StateDesk
from mockserver.http.control.worlds import WorldDesk
from mockserver.http.sandbox import Sandbox, UnknownUser
from mockserver.world.world import World

Handler = Callable[[Asked], Awaitable[Reply]]
Routes = Mapping[str, Mapping[str, Handler]]

LONGEST_LIFETIME = 1e11
TOKEN = closed({"user": text()}, {"lifetime": number(0.001, LONGEST_LIFETIME), "expired": flag})


def control_routes(sandbox: Sandbox, *, trusted: bool) -> Routes:
    """The handlers by path below /__mock__ and by method. `trusted`: every caller has shown the control token."""
    front = Front(sandbox, trusted)
    contract, held = sandbox.contract, sandbox.worlds
    state, snapshots, journal = StateDesk(sandbox), SnapshotDesk(held), JournalDesk(contract, held)
    deliveries = DeliveryDesk(held)
    clock, faults, worlds = ClockDesk(held), FaultDesk(contract, held), WorldDesk(contract, held)
    return {
        "/health": {"GET": front.health},
        "/reset": {"POST": front.reset},
        "/tokens": {"GET": front.tokens, "POST": front.token},
        "/state": {"GET": state.export, "PUT": state.take, "POST": state.take},
        "/snapshots": {"GET": snapshots.listed},
        "/snapshots/{name}": {"PUT": snapshots.keep, "POST": snapshots.keep, "DELETE": snapshots.forget},
        "/snapshots/{name}/restore": {"POST": snapshots.restore},
        "/worlds": {"GET": worlds.listed, "POST": worlds.create},
        "/worlds/{name}": {"GET": worlds.shown, "DELETE": worlds.delete},
        "/diff": {"POST": worlds.diff},
        "/restore": {"POST": worlds.restore},
        "/requests": {"GET": journal.listed, "DELETE": journal.clear},
        "/deliveries": {"GET": deliveries.listed, "DELETE": deliveries.clear},
        "/clock": {"GET": clock.shown},
        "/clock/freeze": {"POST": clock.freeze},
        "/clock/advance": {"POST": clock.advance},
        "/clock/resume": {"POST": clock.resume},
        "/faults": {"GET": faults.listed, "POST": faults.add, "DELETE": faults.clear},
        "/faults/{id}": {"DELETE": faults.remove},
    }


class Front:
    """Is it there, start over, and who may come in."""

    def __init__(self, sandbox: Sandbox, trusted: bool) -> None:
        self._sandbox = sandbox
        self._trusted = trusted

    async def health(self, asked: Asked) -> Reply:
        """That it is there, and what it serves."""
        sandbox = self._sandbox
        contract = sandbox.contract
        served = {"contract": contract.name, "profile": contract.profile, "fixtures": sandbox.fixtures}
        more = {"seed": sandbox.world.initial.seed, "auth": sandbox.auth, "operations": len(contract.operations)}
        return answered({"status": "ok", **served, **more})

    async def reset(self, asked: Asked) -> Reply:
        """Back to the seeds, as after the start."""
        asked.body(NOTHING)
        await self._sandbox.worlds.change(asked.world, World.reset)
        return done()

    async def tokens(self, asked: Asked) -> Reply:
        """A token of each marked user."""
        self._check_trust()
        return answered(self._sandbox.tokens())

    async def token(self, asked: Asked) -> Reply:
        """A token of a user of this world, by the world's clock."""
        self._check_trust()
        body = asked.body(TOKEN)
        if body.get("expired") and "lifetime" in body:
            raise Problem(400, "a token is either expired or has a lifetime")

        def signed(world: World) -> str:
            try:
                return self._sandbox.token(**body, at=world)
            except UnknownUser as unknown:
                raise Problem(404, str(unknown)) from None

        return answered({"token": await self._sandbox.worlds.look(asked.world, signed)}, 201)

    def _check_trust(self) -> None:
        """Tokens are of use at any sandbox of this user, so they are shown to nobody who could not show one."""
        if not self._trusted:
            reason = "tokens are told only where --control-token protects them; they are in the --ready-file, and"
            raise Problem(403, f"{reason} `mockserver token USER` makes one")
