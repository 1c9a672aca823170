"""Worlds of servers that run within the test process, loaded and started once in a session."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from mockserver.contract.problem import ContractError
from mockserver.http.app import App
from mockserver.http.choosing import HEADER, PREFIX
from mockserver.http.hosts import Hosts
from mockserver.http.live import live
from mockserver.http.loop import Loop, attending
from mockserver.http.outgoing import Outgoing
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.settings import Settings
from mockserver.http.turns import Turns
from mockserver.http.worlds import MemoryWorlds
from mockserver.testing.backend import Headers, Journal, Served
from mockserver.testing.wanted import Refused, Wanted
from mockserver.world.clock import Clock
from mockserver.world.diff import differences
from mockserver.world.faults import Fault
from mockserver.world.outbox import MOST_DELIVERIES
from mockserver.world.registry import Limits, Source
from mockserver.world.root import Root

if TYPE_CHECKING:
    import httpx2

Json = Any
HOST = "mockserver"
URL = f"http://{HOST}"
JOURNAL_SIZE = 10_000


class Stage:
    """One contract with its seeds on one server, which each test has a world of its own on."""

    def __init__(self, sandbox: Sandbox, loop: Loop) -> None:
        # Forks and snapshots end with their test; none of them may make another one go.
        worlds = MemoryWorlds(sandbox.world.root, Limits(worlds=sys.maxsize, journal=JOURNAL_SIZE))
        self.registry = worlds.registry
        self.sandbox = sandbox._replace(worlds=worlds)
        self.served = Served.of(sandbox.contract, sandbox.engine.dialect, sandbox.auth)
        self.loop = loop
        # The test and the live server's thread use the worlds in turns.
        self.lock = RLock()
        app = App(self.sandbox, Settings(hosts=Hosts(allowed=[HOST])))
        self._running = ExitStack()
        self.outgoing = app.outgoing = Outgoing(worlds, lock=self.lock, start=self._send)
        self.app = Turns(app, self.lock)

    @cached_property
    def live_url(self) -> str:
        """Where the server is on a socket, started when somebody first asks."""
        return self._running.enter_context(live(self.app))

    def _send(self) -> None:
        """Has what the worlds tell others sent, by a thread that ends with the stage."""
        self._running.enter_context(attending(self.outgoing.attend))

    def close(self) -> None:
        self._running.close()


class Local:
    """A world of a stage."""

    def __init__(self, stage: Stage, source: Source) -> None:
        self._stage = stage
        self.served = stage.served
        self.url = URL
        with stage.lock:
            made = stage.registry.create(None, source)
        self.name, self._world = made.name, made.world

    @property
    def live_url(self) -> str:
        return f"{self._stage.live_url}{PREFIX}{self.name}"

    def client(self, headers: Headers) -> httpx2.Client:
        from mockserver.http.inprocess import client

        return client(self._stage.app, self._api, {**headers, HEADER: self.name}, self._stage.loop)

    def async_client(self, headers: Headers) -> httpx2.AsyncClient:
        from mockserver.http.inprocess import async_client

        return async_client(self._stage.app, self._api, {**headers, HEADER: self.name})

    @property
    def _api(self) -> str:
        return URL + self.served.contract.prefix

    def token(self, user: str, lifetime: float | None, expired: bool) -> str:
        return self._stage.sandbox.token(user, lifetime=lifetime, expired=expired, at=self._world)

    def root(self) -> Root:
        return self._world.root

    def journal(self) -> Journal:
        journal = self._world.journal
        with self._stage.lock:
            entries = list(journal)
            return Journal(entries, journal.written - len(entries))

    def clock(self) -> Clock:
        return self._world.root.clock

    def set_clock(self, clock: Clock) -> None:
        with self._stage.lock:
            self._world.set_clock(clock)
        self._stage.outgoing.wake(self.name)

    def add_fault(self, fault: Fault) -> Fault:
        with self._stage.lock:
            return self._world.add_fault(fault)

    def find_fault(self, id: int) -> Fault | None:
        return self._world.faults.find(id)

    def remove_fault(self, id: int) -> None:
        with self._stage.lock:
            self._world.remove_fault(id)

    def deliveries(self) -> list[dict[str, Json]]:
        from mockserver.http.control.deliveries import picked

        found: list[dict[str, Json]] = picked(self._world.root.outbox, {}, MOST_DELIVERIES)["deliveries"]
        return found

    def differences(self, before: Source) -> list[dict[str, Json]]:
        with self._stage.lock:
            earlier = self._stage.registry.root(before)
        found = differences(earlier, self._world.root, self.served.contract.stored_by_resource)
        return [each.describe() for each in found]

    def take(self, source: Source) -> None:
        with self._stage.lock:
            self._world.go_to(self._stage.registry.root(source))

    def fork(self) -> Local:
        return Local(self._stage, Source(world=self.name))

    def reset(self) -> None:
        with self._stage.lock:
            self._world.reset()

    def close(self) -> None:
        """Who still calls in this world is told that it is gone, and meets no other test."""
        with self._stage.lock:
            self._stage.registry.delete(self.name, "ended with the test that it was made for")


class LocalServer:
    """The stages of one session, by what is wanted of them."""

    def __init__(self) -> None:
        self._loop = Loop()
        self._stages: dict[Wanted, Stage | str] = {}

    def begin(self, wanted: Wanted) -> Local:
        return Local(self._stage(wanted), Source())

    def _stage(self, wanted: Wanted) -> Stage:
        """The stage that serves what is wanted; Refused when that cannot be loaded, which is not tried twice."""
        found = self._stages.get(wanted)
        if found is None:
            found = self._stages[wanted] = self._load(wanted)
        if isinstance(found, str):
            raise Refused(f"mockserver: {found}" + (f" [{wanted.origin}]" if wanted.origin else ""))
        return found

    def _load(self, wanted: Wanted) -> Stage | str:
        try:
            sandbox = open_sandbox(
                wanted.contract, fixtures=wanted.fixtures, profile=wanted.profile, seed=wanted.seed, auth=wanted.auth
            )
        except ContractError as error:
            findings = [str(finding) for finding in error.findings]
            return findings[0] if len(findings) == 1 else "\n  ".join([f"{len(findings)} errors", *findings])
        return Stage(sandbox, self._loop)

    def close(self) -> None:
        for stage in self._stages.values():
            if isinstance(stage, Stage):
                stage.close()
        self._loop.close()
