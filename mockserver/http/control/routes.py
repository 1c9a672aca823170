"""Every path of the control plane, and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from mockserver.exchange import Problem, Reply
from mockserver.http.control.asking import NOTHING, Asked, answered, done
from mockserver.http.control.clock import ClockDesk
from mockserver.http.control.faults import FaultDesk
from mockserver.http.control.journal import JournalDesk
from mockserver.http.control.snapshots import SnapshotDesk
from mockserver.http.control.state import StateDesk
from mockserver.http.control.worlds import WorldDesk
from mockserver.http.sandbox import Sandbox
from mockserver.world.world import World

Handler = Callable[[Asked], Awaitable[Reply]]
Routes = Mapping[str, Mapping[str, Handler]]


def control_routes(sandbox: Sandbox, *, trusted: bool) -> Routes:
    """The handlers by path below /__mock__ and by method. `trusted`: every caller has shown the control token."""
    front = Front(sandbox, trusted)
    contract, held = sandbox.contract, sandbox.worlds
    state, snapshots, journal = StateDesk(sandbox), SnapshotDesk(held), JournalDesk(contract, held)
    clock, faults, worlds = ClockDesk(held), FaultDesk(contract, held), WorldDesk(contract, held)
    return {
        "/health": {"GET": front.health},
        "/reset": {"POST": front.reset},
        "/tokens": {"GET": front.tokens},
        "/state": {"GET": state.export, "PUT": state.take, "POST": state.take},
        "/snapshots": {"GET": snapshots.listed},
        "/snapshots/{name}": {"PUT": snapshots.keep, "POST": snapshots.keep, "DELETE": snapshots.forget},
        "/snapshots/{name}/restore": {"POST": snapshots.restore},
        "/worlds": {"GET": worlds.listed, "POST": worlds.create},
        "/worlds/{name}": {"GET": worlds.shown, "DELETE": worlds.delete},
        "/diff": {"POST": worlds.diff},
        "/requests": {"GET": journal.listed, "DELETE": journal.clear},
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
        contract = self._sandbox.contract
        return answered({"status": "ok", "contract": contract.name, "operations": len(contract.operations)})

    async def reset(self, asked: Asked) -> Reply:
        """Back to the seeds, as after the start."""
        asked.body(NOTHING)
        await self._sandbox.worlds.change(asked.world, World.reset)
        return done()

    async def tokens(self, asked: Asked) -> Reply:
        """Tokens are of use at any sandbox of this user, so they are shown to nobody who could not show one."""
        if not self._trusted:
            reason = "tokens are told only where --control-token protects them; they are in the --ready-file, and"
            raise Problem(403, f"{reason} `mockserver token USER` makes one")
        return answered(self._sandbox.tokens())
