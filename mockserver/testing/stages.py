"""What a test session loads and starts once: contracts, seeds and live servers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from threading import RLock

from mockserver.contract.problem import ContractError
from mockserver.http.app import App, Settings
from mockserver.http.hosts import Hosts
from mockserver.http.loop import Loop
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.turns import Turns
from mockserver.http.worlds import MemoryWorlds
from mockserver.testing.handle import HOST, URL, MockServer
from mockserver.testing.live import Live
from mockserver.testing.operations import Operations
from mockserver.testing.state import Reader
from mockserver.testing.wanted import Refused, Wanted
from mockserver.world.registry import Limits

JOURNAL_SIZE = 10_000


class Stage:
    """One contract with its seeds, served to one test after another, each with a world of its own."""

    def __init__(self, sandbox: Sandbox, loop: Loop) -> None:
        self.sandbox = sandbox
        self.loop = loop
        self.seeds = sandbox.world.root
        # The test and the live server's thread use the world in turns.
        self.lock = RLock()
        self._app = App(sandbox, Settings(hosts=Hosts(allowed=[HOST])))
        self.app = Turns(self._app, self.lock)
        self.reader = Reader(sandbox.contract, sandbox.engine.dialect, URL)
        self.operations = Operations(operation.id for operation in sandbox.contract.operations)

    def begin(self) -> MockServer:
        """A fresh world; what is called from now on, on the socket too, is called in it."""
        with self.lock:
            self.sandbox = replace(self.sandbox, worlds=MemoryWorlds(self.seeds, Limits(journal=JOURNAL_SIZE)))
            self._app.serve(self.sandbox)
        return MockServer(self)

    @cached_property
    def live(self) -> Live:
        """The server on a socket, started when it is first asked for."""
        return Live(self.app, self.sandbox.contract.prefix)

    def close(self) -> None:
        if "live" in self.__dict__:
            self.live.stop()


class Stages:
    """The stages of one session, by what is wanted of them."""

    def __init__(self) -> None:
        self._loop = Loop()
        self._stages: dict[Wanted, Stage | str] = {}

    def stage(self, wanted: Wanted) -> Stage:
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
