"""The world of one test as the handle reaches it, be it in this process or on a server elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from mockserver.behaviours.context import Dialect
from mockserver.contract.model import Contract
from mockserver.engine.route import BRACES, Router
from mockserver.testing.operations import Operations
from mockserver.testing.state import Reader
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault
from mockserver.world.journal import Entry
from mockserver.world.registry import Source
from mockserver.world.root import Root

if TYPE_CHECKING:
    import httpx2

    from mockserver.testing.wanted import Wanted

Json = Any
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Served:
    """What is the same for all tests of one server; without `auth` nobody is asked for a token."""

    contract: Contract
    reader: Reader
    router: Router
    operations: Operations
    auth: bool

    @classmethod
    def of(cls, contract: Contract, dialect: Dialect, auth: bool) -> Self:
        reader = Reader(contract, dialect)
        operations = Operations({each.id: BRACES.findall(each.path) for each in contract.operations.marks})
        return cls(contract, reader, reader.router, operations, auth)


class Journal(NamedTuple):
    """The requests that are remembered, oldest first, and how many came before them."""

    entries: Sequence[Entry]
    forgotten: int


class Backend(Protocol):
    """One world. What a `Source` means is looked up where the world is."""

    served: Served
    name: str
    url: str

    @property
    def live_url(self) -> str:
        """Where the world is on a real socket."""

    def client(self, headers: Headers) -> httpx2.Client: ...

    def async_client(self, headers: Headers) -> httpx2.AsyncClient: ...

    def token(self, user: str, lifetime: float | None, expired: bool) -> str:
        """UnknownUser when nobody is called so."""

    def root(self) -> Root:
        """The present state."""

    def journal(self) -> Journal: ...

    def clock(self) -> Clock: ...

    def set_clock(self, clock: Clock) -> None: ...

    def add_fault(self, fault: Fault) -> Fault:
        """The fault under the id that it was given."""

    def find_fault(self, id: int) -> Fault | None: ...

    def remove_fault(self, id: int) -> None: ...

    def deliveries(self) -> list[dict[str, Json]]:
        """What is told to others, each as the control plane tells it, oldest first."""

    def differences(self, before: Source) -> list[dict[str, Json]]:
        """What is different now, each as the control plane tells it."""

    def take(self, source: Source) -> None:
        """Becomes what a source is now; requests and faults stay."""

    def fork(self) -> Backend:
        """Another world that starts as this one is now."""

    def reset(self) -> None: ...

    def close(self) -> None:
        """Takes the world away; Refused when that cannot be done."""


class Server(Protocol):
    """Where tests get their worlds from."""

    def begin(self, wanted: Wanted) -> Backend:
        """A fresh world of what is wanted; Refused when that cannot be served."""

    def close(self) -> None: ...
