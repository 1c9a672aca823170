"""Runs a sandbox as a server until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from socket import socket

from mockserver.bundled import contract_root, fixture_file, home
from mockserver.contract.problem import ContractError
from mockserver.http.app import App
from mockserver.http.drain import Drain
from mockserver.http.hosts import Hosts
from mockserver.http.keys import read_key
from mockserver.http.limits import CONNECTIONS, RECEIVE_SECONDS, ConnectionLimits
from mockserver.http.listening import CannotServe, listen, resolve, room_for, url_of
from mockserver.http.ready import Ready, ReadyFile, say
from mockserver.http.reload import stamp, watch
from mockserver.http.sandbox import DEFAULT_CONTRACT, MEMORY, Measure, Sandbox, open_sandbox
from mockserver.http.server import Server
from mockserver.http.settings import BODY_LIMIT, Settings
from mockserver.http.telemetry import Telemetry
from mockserver.stores.opening import shown_url
from mockserver.stores.store import CannotOpen
from mockserver.world.registry import Limits


@dataclass(frozen=True)
class Options:
    """What `mockserver serve` was asked for."""

    contract: str | Path = DEFAULT_CONTRACT
    host: str = "127.0.0.1"
    port: int = 8585
    fixtures: str | Path | None = None
    profile: str | None = None
    seed: int = 0
    key_file: Path | None = None
    reload: bool = False
    auth: bool = True
    ready_file: Path | None = None
    log_format: str | None = None
    body_limit: int = BODY_LIMIT
    allowed_hosts: tuple[str, ...] = ()
    control: bool = True
    control_token: str | None = None
    plain_asgi: bool = False
    drain: float = 0.0
    metrics: bool = False
    receive_timeout: int = RECEIVE_SECONDS
    max_connections: int = CONNECTIONS
    limits: Limits = field(default_factory=Limits)
    store: str = MEMORY

    def open(self, store: str = MEMORY, measure: Measure | None = None) -> Sandbox:
        return open_sandbox(
            self.contract,
            fixtures=self.fixtures,
            profile=self.profile,
            seed=self.seed,
            auth=self.auth,
            key=None if self.key_file is None else read_key(self.key_file),
            limits=self.limits,
            store=store,
            measure=measure,
        )

    def settings(self, telemetry: Telemetry) -> Settings:
        return Settings(
            hosts=Hosts(self.host, self.allowed_hosts),
            body_limit=self.body_limit,
            control=self.control,
            control_token=self.control_token,
            log=telemetry.log,
            pages=telemetry.pages,
        )

    def connection_limits(self) -> ConnectionLimits:
        return ConnectionLimits(receiving=self.receive_timeout, connections=room_for(self.max_connections))

    def watched(self) -> list[Path]:
        """The files and folders that the sandbox is made of."""
        name, root = contract_root(self.contract)
        places = [root, home("fixtures").joinpath(name)]
        if self.fixtures is not None:
            places.append(fixture_file(name, self.fixtures)[1])
        if self.profile is not None:
            places.append(Path(self.profile))
        return [place for place in places if isinstance(place, Path)]


def serve(options: Options) -> None:
    """Serves until SIGINT or SIGTERM; CannotServe, UnusableKey or ContractError when it cannot be started."""
    address = resolve(options.host, options.port)
    if not address.loopback and options.control and options.control_token is None:
        hint = "protect the control plane with --control-token TOKEN, or switch it off with --no-control"
        raise CannotServe(f"--host {options.host} can be reached from other machines: {hint}")
    ready_file = None if options.ready_file is None else ReadyFile(options.ready_file)
    with listen(address) as listener:
        service = Service(options, url_of(address, listener), ready_file)
        _spare_the_collector()
        try:
            service.run(listener)
        finally:
            service.close()
            if ready_file is not None:
                ready_file.remove()


def _spare_the_collector() -> None:
    """Takes what was loaded out of the garbage collector's rounds, and has it come round less often.

    Contract and seeds live as long as the process, and requests leave next to no cycles behind.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class Service:
    """The application of one server, what is said about it, and how it follows its files."""

    def __init__(self, options: Options, url: str, ready_file: ReadyFile | None) -> None:
        self._options = options
        self._drain = Drain(options.drain)
        self._url = url
        self._ready_file = ready_file
        # Looked at before they are read, so that no change in between is missed.
        self._stamp = stamp(options.watched()) if options.reload else {}
        telemetry = Telemetry(lambda: self.app.sandbox, self._drain, options.log_format, metrics=options.metrics)
        try:
            self.app = App(options.open(options.store, telemetry.measure), options.settings(telemetry))
        except CannotOpen as error:
            raise CannotServe(f"--store {shown_url(options.store)}: {error}") from error
        self._ready = self._describe()

    def run(self, listener: socket) -> None:
        """Serves until it is told to stop."""
        background = self.watch if self._options.reload else None
        abandoned = None if self._ready_file is None else self._ready_file.remove
        Server(
            self.app,
            self.announce,
            background,
            plain_asgi=self._options.plain_asgi,
            drain=self._drain,
            on_abandoned=abandoned,
            limits=self._options.connection_limits(),
        ).run([listener])

    def close(self) -> None:
        self.app.sandbox.worlds.close()

    def announce(self) -> None:
        """Tells people and scripts that it answers."""
        say(self._ready.line())
        if self._ready_file is not None:
            self._ready_file.write(self._ready)

    async def watch(self) -> None:
        await watch(self._options.watched(), self._stamp, self.reload)

    async def reload(self, files: list[str]) -> None:
        """Starts over with what the files say now; goes on as before when that is wrong."""
        names = ", ".join(Path(file).name for file in files)
        try:
            sandbox = await asyncio.to_thread(self._options.open)
        except ContractError as error:
            complain(f"{error}\nnot reloaded after a change of {names}: what was served before goes on")
            return
        worlds = self.app.sandbox.worlds
        outcome = await worlds.reseed(sandbox.world.initial)
        self.app.serve(replace(sandbox, worlds=worlds))
        self._ready = self._describe()
        if self._ready_file is not None:
            self._ready_file.write(self._ready)
        say(f"Reloaded after a change of {names}; {outcome}")

    def _describe(self) -> Ready:
        sandbox = self.app.sandbox
        contract = sandbox.contract
        return Ready(contract.name, self._url, self._url + contract.prefix, sandbox.tokens(), sandbox.auth)


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
