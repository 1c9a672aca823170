"""What `mockserver serve` was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mockserver.bundled import contract_root, fixture_file, home
from mockserver.http.hosts import Hosts
from mockserver.http.keys import read_key
from mockserver.http.limits import CONNECTIONS, RECEIVE_SECONDS, ConnectionLimits
from mockserver.http.listening import room_for
from mockserver.http.sandbox import DEFAULT_CONTRACT, MEMORY, Sandbox, open_sandbox
from mockserver.http.settings import BODY_LIMIT, Settings
from mockserver.http.telemetry import Telemetry
from mockserver.world.registry import Limits


class Options(NamedTuple):
    """Each option by its name."""

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
    deliver_to: tuple[str, ...] = ()
    control: bool = True
    control_token: str | None = None
    plain_asgi: bool = False
    drain: float = 0.0
    metrics: bool = False
    receive_timeout: int = RECEIVE_SECONDS
    max_connections: int = CONNECTIONS
    limits: Limits = Limits()
    store: str = MEMORY
    workers: int = 1

    def open(self) -> Sandbox:
        """What is to be served, at the seeds."""
        return open_sandbox(
            self.contract,
            fixtures=self.fixtures,
            profile=self.profile,
            seed=self.seed,
            auth=self.auth,
            key=None if self.key_file is None else read_key(self.key_file),
            limits=self.limits,
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
        return places
