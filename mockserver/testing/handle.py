"""What a test holds of the mock server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from mockserver.contract.model import Contract
from mockserver.http.sandbox import UnknownUser
from mockserver.testing.calls import Request, Requests
from mockserver.testing.clock import MovableClock
from mockserver.testing.expected import Expected
from mockserver.testing.faults import PlannedFault
from mockserver.testing.operations import Operations
from mockserver.testing.snapshot import Snapshot
from mockserver.testing.state import State
from mockserver.world.faults import Fault

if TYPE_CHECKING:
    import httpx2

    from mockserver.testing.live import Live
    from mockserver.testing.stages import Stage

Json = Any
HOST = "mockserver"
URL = f"http://{HOST}"
ADMIN = "admin"
HOUR = 3600.0


class MockServer:
    """The mock server of one test: a world of its own that starts from the seeds."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._world = stage.sandbox.world
        self._clients: list[httpx2.Client] = []

    @property
    def url(self) -> str:
        """Where the in-process clients find the server."""
        return URL

    @property
    def api(self) -> str:
        """Where the API's paths begin."""
        return URL + self.contract.prefix

    @property
    def contract(self) -> Contract:
        """What is served."""
        return self._stage.sandbox.contract

    @cached_property
    def client(self) -> httpx2.Client:
        """Calls the server within this process, as the admin; `get("/v1/tables")` is below `api`."""
        return self._client(self._token_if_any())

    def client_for(self, user: str) -> httpx2.Client:
        """A `client` that calls as another user; UnknownUser when nobody is called so."""
        return self._client(self.token(user))

    @cached_property
    def async_client(self) -> httpx2.AsyncClient:
        """`client` for asynchronous tests."""
        from mockserver.http.inprocess import async_client

        return async_client(self._stage.app, self.api, _headers(self._token_if_any()))

    @property
    def live(self) -> Live:
        """This same world on a real socket, for clients that need a URL; one server for all tests of the session."""
        return self._stage.live

    def token(self, user: str = ADMIN, *, lifetime: float | None = None, expired: bool = False) -> str:
        """A bearer token; by the world's clock it expires after `lifetime` seconds, or has expired, or never does."""
        if expired and lifetime is not None:
            raise ValueError("a token is either expired or has a lifetime")
        if lifetime is not None and lifetime <= 0:
            raise ValueError(f"lifetime={lifetime} is over at once; expired=True says so")
        if not expired and lifetime is None:
            return self._stage.sandbox.token(user)
        return self._stage.sandbox.token(user, lifetime=-HOUR if lifetime is None else lifetime)

    def reset(self) -> None:
        """Back to the seeds: records, clock, faults, and no request remembered."""
        with self._stage.lock:
            self._world.reset()

    def snapshot(self) -> Snapshot:
        """The present state, to come back to."""
        return Snapshot(self._world, self._stage.lock, self._stage.reader)

    @property
    def state(self) -> State:
        """The catalogue as it is now and the admin sees it: `state["teams"]["Accounting"]["version"]`."""
        return State(self._stage.reader, self._world.root)

    @property
    def requests(self) -> Requests:
        """The requests of this test until now, whichever client sent them."""
        journal, router = self._world.journal, self._stage.sandbox.engine.router
        with self._stage.lock:
            entries, written = list(journal), journal.written
        return Requests([Request(entry, router) for entry in entries], self._operations, written - len(entries))

    @cached_property
    def clock(self) -> MovableClock:
        """The world's clock."""
        return MovableClock(self._world, self._stage.lock)

    def fault(
        self,
        operation: str = "*",
        *,
        status: int | None = None,
        message: str | None = None,
        latency: float = 0,
        drop: bool = False,
        count: int | None = None,
        probability: float = 1,
    ) -> PlannedFault:
        """Makes calls of an operation (an id or a glob) fail, wait (seconds) or lose their connection.

        The next `count` calls are hit, or all; with a `probability`, by the world's seed, so the same ones in each run.
        """
        __tracebackhide__ = True
        self._operations.check_pattern(operation)
        fault = Fault(0, operation, status, message, latency, drop, probability, count)
        return PlannedFault(self._world, self._stage.lock, fault)

    def assert_called(
        self,
        operation: str,
        *,
        times: int | None = None,
        body: Json | EllipsisType = ...,
        body_contains: Json | EllipsisType = ...,
        user: str | None = None,
        status: int | None = None,
        query: Mapping[str, object] | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> list[Request]:
        """Fails unless the operation was called like this, at least once or exactly so many times; gives these calls.

        `body` is the whole JSON body, `body_contains` a part of it; of `query` and of the path's `arguments` only those
        that are named are compared, and a query parameter of None must not be given.
        """
        __tracebackhide__ = True
        self._operations.check(operation)
        expected = Expected(operation, body, body_contains, user, status, query, arguments)
        return expected.check_called(self.requests, times)

    def assert_not_called(
        self,
        operation: str,
        *,
        body: Json | EllipsisType = ...,
        body_contains: Json | EllipsisType = ...,
        user: str | None = None,
        status: int | None = None,
        query: Mapping[str, object] | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        """Fails if the operation was called like this."""
        __tracebackhide__ = True
        self._operations.check(operation)
        Expected(operation, body, body_contains, user, status, query, arguments).check_not_called(self.requests)

    def close(self) -> None:
        """Closes the clients; the fixture does it."""
        for client in self._clients:
            client.close()

    @property
    def _operations(self) -> Operations:
        return self._stage.operations

    def _client(self, token: str | None) -> httpx2.Client:
        from mockserver.http.inprocess import client

        made = client(self._stage.app, self.api, _headers(token), self._stage.loop)
        self._clients.append(made)
        return made

    def _token_if_any(self) -> str | None:
        """The admin's token, where one is asked for and there is an admin."""
        try:
            return self.token() if self._stage.sandbox.auth else None
        except UnknownUser:
            return None

    def __repr__(self) -> str:
        return f"<MockServer {self.contract.name}: {len(self.requests)} requests>"


def _headers(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}
