"""A contract, its engine and its worlds, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mockserver.behaviours.context import Dialect
from mockserver.contract.model import Contract
from mockserver.contract.problem import nearest
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.engine.handle import Engine
from mockserver.engine.tokens import Tokens, claims_for
from mockserver.http.compiled import Compiled, Request
from mockserver.http.wallet import Wallet
from mockserver.http.worlds import MemoryWorlds, Worlds
from mockserver.seeding.seeds import Seeds
from mockserver.seeding.undisturbed import undisturbed
from mockserver.world.registry import Limits
from mockserver.world.world import World

if TYPE_CHECKING:
    from mockserver.stores.store import Store

Json = Any
DEFAULT_CONTRACT = "openmetadata"
MEMORY = "memory"

Measure: TypeAlias = "Callable[[Store], Store]"


class UnknownUser(LookupError):
    """Nobody of that name is in the world; the message says who is meant most likely."""


class Sandbox(NamedTuple):
    """Everything that answers a call; `marked` are the users that a starting server hands out tokens of.

    `fixtures` names the set that its worlds start from.
    """

    contract: Contract
    engine: Engine
    worlds: Worlds
    wallet: Wallet
    marked: tuple[str, ...]
    auth: bool = True
    fixtures: str | None = None

    @property
    def world(self) -> World:
        """The default world, as it was when it was last looked at."""
        return self.worlds.default

    @property
    def signer(self) -> Tokens:
        return self.wallet.signer

    def token(
        self,
        user: str,
        *,
        lifetime: float | None = None,
        expired: bool = False,
        world: str | None = None,
        at: World | None = None,
    ) -> str:
        """A bearer token of a user who is there now; without `lifetime` (seconds) it never expires. UnknownUser.

        One for a `world` leads there by itself. `at` is the world that knows the user and the time, the default one
        unless it is given.
        """
        there = at or self.world
        return self.token_of(self._user(user, there), lifetime=lifetime, expired=expired, world=world, at=there)

    def token_of(
        self,
        user: Mapping[str, Json],
        *,
        lifetime: float | None = None,
        expired: bool = False,
        world: str | None = None,
        at: World | None = None,
    ) -> str:
        """A bearer token of a user with these fields, be there such a user or not."""
        now = (at or self.world).root.clock.now() / 1000
        claims = claims_for(user, now, lifetime=lifetime, expired=expired, world=world)
        return self.wallet.sign(claims) if "exp" in claims else self.wallet.token(claims)

    def tokens(self) -> dict[str, str]:
        """A token of each marked user that is there."""
        known = (name for name in self.marked if self._principal_id(name, self.world) is not None)
        return {name: self.token(name) for name in known}

    def _principal_id(self, name: str, world: World) -> str | None:
        principal = self.engine.dialect.principal(world.begin(), name)
        return None if principal is None else principal.id

    def _user(self, name: str, world: World) -> Mapping[str, Json]:
        id = self._principal_id(name, world)
        record = None if id is None else world.begin().record(id)
        if record is None:
            meant = nearest(name, self.marked)
            raise UnknownUser(f"no user is named '{name}'" + (f"; did you mean '{meant}'?" if meant else ""))
        return record.data


def open_sandbox(
    contract: str | Path = DEFAULT_CONTRACT,
    *,
    fixtures: str | Path | None = None,
    profile: str | None = None,
    seed: int = 0,
    auth: bool = True,
    key: bytes | None = None,
    limits: Limits | None = None,
    store: str = MEMORY,
    measure: Measure | None = None,
) -> Sandbox:
    """A sandbox at its seeds; ContractError with all that is wrong in the contract, the profile or the fixtures.

    `key` is a private key (PEM) to sign tokens with, in place of the user's own; without `auth` everybody is the admin.
    `store` is where the worlds are kept: in memory, or at a URL; CannotOpen when that cannot be used.
    `measure` stands before the store to see how it does.
    """
    dialect: Dialect = OpenMetadata()
    wallet = Wallet(key)
    with undisturbed():
        loaded, seeds = _open(Request(contract, profile, fixtures, seed), dialect, wallet)
    engine = Engine(loaded, dialect, wallet.signer if auth else None, wallet.signer)
    sandbox = Sandbox(loaded, engine, MemoryWorlds(seeds.root, limits), wallet, seeds.marked, auth, seeds.name)
    return sandbox if store == MEMORY else with_store(sandbox, store, measure)


def with_store(sandbox: Sandbox, url: str, measure: Measure | None = None) -> Sandbox:
    """The same at the worlds of a store, new ones of which start from its seeds; CannotOpen."""
    from mockserver.http.stored import StoredWorlds
    from mockserver.stores.opening import open_store

    contract, memory = sandbox.contract, sandbox.worlds
    store: Store = open_store(url, contract.name)
    if measure is not None:
        store = measure(store)
    worlds = StoredWorlds(store, memory.default.initial, contract.stored_by_resource, memory.limits)
    return sandbox._replace(worlds=worlds)


def _open(request: Request, dialect: Dialect, wallet: Wallet) -> tuple[Contract, Seeds]:
    """The contract and its seeds: as they were kept by an earlier start, or from their files."""
    compiled = None if wallet.secret is None else Compiled(wallet.secret)
    kept = None if compiled is None else compiled.load(request)
    if kept is not None:
        return kept
    from mockserver.contract.load import load_contract
    from mockserver.seeding.load import seed_root

    contract = load_contract(request.contract, request.profile)
    seeds = seed_root(contract, dialect, request.fixtures, request.seed)
    if compiled is not None:
        compiled.keep(request, contract, seeds)
    return contract, seeds
