"""A server that runs elsewhere: what it serves, what its worlds start from, and whose key it signs with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from mockserver.contract.reading import read_contract
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.engine.handle import Engine
from mockserver.http.sandbox import Sandbox
from mockserver.http.wallet import Wallet
from mockserver.http.worlds import MemoryWorlds
from mockserver.testing.backend import Served
from mockserver.testing.control import Control, ControlError
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.transfer import import_state

Json = Any
# What a worker that was killed leaves behind is gone a day later.
HEALTH = ("contract", "profile", "fixtures", "seed", "auth")
TTL_SECONDS = 24 * 3600


class Elsewhere:
    """One server with what is asked of it once in a session."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.health: dict[str, Json] = control.ask("GET", "/health")
        if missing := [name for name in HEALTH if name not in self.health]:
            raise ControlError(f"{control.url} does not tell its {missing[0]}: it is no mockserver of this version")
        contract = read_contract(self.health["contract"], control.page("/openapi.json"), self.health["profile"])
        self._dialect = OpenMetadata()
        self.served = Served.of(contract, self._dialect, self.health["auth"])

    @cached_property
    def seeds(self) -> Root:
        """What the server's worlds start from."""
        made = self.control.ask("POST", "/worlds", {"ttl": TTL_SECONDS})["name"]
        try:
            return self.root(made)
        finally:
            self.control.ask("DELETE", f"/worlds/{made}")

    def root(self, world: str) -> Root:
        document = self.control.ask("GET", "/state", world=world)
        return import_state(document, self.served.contract.stored_by_resource, trusted=True)

    @cached_property
    def signer(self) -> Sandbox:
        """Signs tokens as the server does, which takes them if the key is the same; ControlError when it is not."""
        wallet = Wallet()
        key_ids = [key["kid"] for key in self.control.page("/.well-known/jwks.json")["keys"]]
        if wallet.signer.key_id not in key_ids:
            raise ControlError(
                f"no token can be made for {self.control.url}: it signs with the key of another user or machine. "
                "Start it with a control token, and give that with --mockserver-control-token or "
                "MOCKSERVER_CONTROL_TOKEN"
            )
        engine = Engine(self.served.contract, self._dialect, wallet.signer)
        transaction = Transaction(self.seeds)
        names = {record.name for record in self.seeds.records.values()}
        users = sorted(name for name in names if self._dialect.principal(transaction, name) is not None)
        return Sandbox(self.served.contract, engine, MemoryWorlds(self.seeds), wallet, tuple(users))

    def close(self) -> None:
        self.control.close()


def reach(url: str, token: str | None) -> Elsewhere:
    """The server at this URL; ControlError when it is not there or is none, and then no connection stays open."""
    control = Control(url, token)
    try:
        return Elsewhere(control)
    except ControlError:
        control.close()
        raise
