"""Named states to come back to."""

from __future__ import annotations

from mockserver.exchange import Problem, Reply
from mockserver.http.control.asking import NOTHING, Asked, answered, done
from mockserver.http.worlds import Worlds
from mockserver.world.registry import check_name, no_snapshot
from mockserver.world.world import MOST_SNAPSHOTS, World


class SnapshotDesk:
    """Keeps states under names, goes back to them, forgets them."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    async def listed(self, asked: Asked) -> Reply:
        kept = await self._worlds.look(asked.world, lambda world: dict(world.snapshots))
        return answered({"snapshots": [{"name": name, "records": each.records} for name, each in kept.items()]})

    async def keep(self, asked: Asked) -> Reply:
        name = asked.arguments["name"]
        asked.body(NOTHING)
        check_name(name, "snapshot")

        def kept(world: World) -> tuple[bool, int]:
            known = name in world.snapshots
            if not known and len(world.snapshots) >= MOST_SNAPSHOTS:
                raise Problem(409, f"{MOST_SNAPSHOTS} snapshots are kept already; delete one first")
            world.snapshot(name)
            return known, len(world.root.records)

        known, records = await self._worlds.change(asked.world, kept)
        return answered({"name": name, "records": records}, 200 if known else 201)

    async def restore(self, asked: Asked) -> Reply:
        name = asked.arguments["name"]
        asked.body(NOTHING)

        def restored(world: World) -> None:
            if not world.restore(name):
                raise no_snapshot(name, world)

        await self._worlds.change(asked.world, restored)
        return done()

    async def forget(self, asked: Asked) -> Reply:
        name = asked.arguments["name"]

        def forgotten(world: World) -> None:
            if world.snapshots.pop(name, None) is None:
                raise no_snapshot(name, world)

        await self._worlds.change(asked.world, forgotten)
        return done()
