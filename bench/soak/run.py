"""A run: many callers, each in a world of its own, on one server that starts over again and again under them."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import SERVER_CORE, Server, await_file, free_port, pinned, running
from bench.servers import our_command
from bench.soak.caller import Caller, Unexpected
from bench.soak.tally import Tally
from bench.soak.tours import TOURS, fork_of

SETTLING = 3.0
PAUSE = 0.02
RELOADED = b"Reloaded after a change"
FIXTURE = "contract: openmetadata\nextends: documented\n# changed {number} times\n"


@dataclass(frozen=True)
class Sample:
    """What the server held at a moment."""

    memory: int
    files: int
    threads: int


@dataclass
class Run:
    """What a run came to."""

    tally: Tally = field(default_factory=Tally)
    before: Sample | None = None
    samples: list[Sample] = field(default_factory=list)
    after: Sample | None = None
    worlds: int = 0
    reloads: int = 0
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)


class Soak:
    """One server under load, whose fixtures are changed again and again; its log says when it has followed."""

    def __init__(self, server: Server, folder: Path, seconds: float, every: float) -> None:
        self.run = Run()
        self._server = server
        self._fixture = folder / "soak.yaml"
        self._log = folder / "server.log"
        self._seconds = seconds
        self._every = every
        self._changes = 0
        self._ends = 0.0

    async def whole(self, callers: int) -> Run:
        run = self.run
        await self._reload()
        run.before = self._sample()
        started = time.monotonic()
        self._ends = started + self._seconds
        await asyncio.gather(self._watch(), self._disturb(), *(self._call(number) for number in range(callers)))
        run.seconds = time.monotonic() - started
        await asyncio.sleep(SETTLING)
        run.after = self._sample()
        run.worlds = await self._worlds_left()
        run.complaints = self._complaints()
        return run

    def _goes_on(self) -> bool:
        return time.monotonic() < self._ends

    async def _call(self, number: int) -> None:
        """Tours in a world of its own; one during which the server started over is not held against it."""
        caller = self._caller(f"soak-{number}")
        chance = random.Random(number)
        await caller.ask("POST", "/__mock__/worlds", {"name": caller.world}, expect=(201,), at="default")
        while self._goes_on():
            tour, changes = chance.choice(TOURS), self._changes
            started_over = self._is_starting_over()
            try:
                await tour(caller)
            except Unexpected as error:
                caller.leave()
                if started_over or changes != self._changes:
                    self.run.tally.repeated += 1
                else:
                    self.run.tally.went_wrong(f"{tour.__name__}: {error}")
                await self._at_seeds(caller)
            await asyncio.sleep(chance.uniform(0, PAUSE))
        await caller.ask("DELETE", f"/__mock__/worlds/{caller.world}", expect=(204,), at="default")
        caller.leave()

    async def _at_seeds(self, caller: Caller) -> None:
        """Takes back whatever a tour left that was not ended."""
        while self._is_starting_over():
            await asyncio.sleep(PAUSE)
        await caller.ask("POST", "/__mock__/reset", expect=(204,))
        await caller.ask("DELETE", f"/__mock__/worlds/{fork_of(caller)}", expect=(204, 404, 410))

    def _caller(self, world: str) -> Caller:
        return Caller(self._server.port, self._server.tokens["admin"], world, self.run.tally)

    async def _disturb(self) -> None:
        while self._goes_on():
            await asyncio.sleep(min(self._every, max(self._ends - time.monotonic(), 0)))
            if self._goes_on():
                await self._reload()

    async def _reload(self) -> None:
        self._changes += 1
        # In one step, for half a file would be another change.
        changed = self._fixture.with_suffix(".new")
        changed.write_text(FIXTURE.format(number=self._changes))
        changed.replace(self._fixture)
        while self._is_starting_over():
            await asyncio.sleep(PAUSE)
        self.run.reloads = self._changes

    def _is_starting_over(self) -> bool:
        return self._log.read_bytes().count(RELOADED) < self._changes

    async def _watch(self) -> None:
        while self._goes_on():
            self.run.samples.append(self._sample())
            await asyncio.sleep(min(1.0, self._seconds / 40))

    def _sample(self) -> Sample:
        place = Path(f"/proc/{self._server.pid}")
        return Sample(self._server.memory(), len(os.listdir(place / "fd")), len(os.listdir(place / "task")))

    async def _worlds_left(self) -> int:
        caller = self._caller("default")
        worlds = (await caller.ask("GET", "/__mock__/worlds")).json()["worlds"]
        caller.leave()
        return len(worlds)

    def _complaints(self) -> list[str]:
        said = self._log.read_text().splitlines()
        return [line for line in said if not line.startswith(("Serving ", RELOADED.decode()))]


@contextmanager
def serving(*options: str) -> Iterator[tuple[Server, Path]]:
    """A server that follows its fixtures, in a folder of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        ready, log, fixture = folder / "ready.json", folder / "server.log", folder / "soak.yaml"
        fixture.write_text(FIXTURE.format(number=0))
        port = free_port()
        command = [
            *pinned(SERVER_CORE),
            *our_command(ready),
            "--port",
            str(port),
            "--reload",
            "--fixtures",
            str(fixture),
        ]
        with running([*command, *options], log, {"XDG_STATE_HOME": str(folder / "state")}) as process:
            await_file(process, ready, log)
            yield Server("soak", port, process.pid, json.loads(ready.read_text())["tokens"]), folder
