"""What a test holds of the mock server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from mockserver.contract.model import Contract
from mockserver.http.sandbox import UnknownUser
from mockserver.testing.backend import Backend
from mockserver.testing.calls import Request, Requests
from mockserver.testing.changes import Change, change, told
from mockserver.testing.clock import MovableClock
from mockserver.testing.deliveries import Delivery, delivered
from mockserver.testing.expected import Expected
from mockserver.testing.faults import PlannedFault
from mockserver.testing.live import Live
from mockserver.testing.snapshot import Snapshot, Snapshots
from mockserver.testing.state import State
from mockserver.world.faults import Fault
from mockserver.world.registry import Source

if TYPE_CHECKING:
    import httpx2

Json = Any
ADMIN = "admin"


class MockServer:
    """The mock server of one test: a world of its own that starts from the seeds."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._served = backend.served
        self._clients: list[httpx2.Client] = []
        self._forks: list[MockServer] = []
        self._snapshots = Snapshots(backend)

    @property
    def world(self) -> str:
        """The name of the test's world, for clients that send the header `X-Mock-World`."""
        return self._backend.name

    @property
    def url(self) -> str:
        """Where the clients find the server."""
        return self._backend.url

    @property
    def api(self) -> str:
        """Where the API's paths begin."""
        return self.url + self.contract.prefix

    @property
    def contract(self) -> Contract:
        """What is served."""
        return self._served.contract

    @cached_property
    def client(self) -> httpx2.Client:
        """Calls the server as the admin, without a socket where it runs in this process; paths are below `api`."""
        return self._client(self._token_if_any())

    def client_for(self, user: str) -> httpx2.Client:
        """A `client` that calls as another user; UnknownUser when nobody is called so."""
        return self._client(self.token(user))

    @cached_property
    def async_client(self) -> httpx2.AsyncClient:
        """`client` for asynchronous tests."""
        return self._backend.async_client(_headers(self._token_if_any()))

    @property
    def live(self) -> Live:
        """This same world on a real socket, for clients that need a URL; one server for all tests of the session."""
        url = self._backend.live_url
        return Live(url, url + self.contract.prefix)

    def token(self, user: str = ADMIN, *, lifetime: float | None = None, expired: bool = False) -> str:
        """A bearer token; by the world's clock it expires after `lifetime` seconds, or has expired, or never does."""
        if expired and lifetime is not None:
            raise ValueError("a token is either expired or has a lifetime")
        if lifetime is not None and lifetime <= 0:
            raise ValueError(f"lifetime={lifetime} is over at once; expired=True says so")
        return self._backend.token(user, lifetime, expired)

    def reset(self) -> None:
        """Back to the seeds: records, clock, faults, and no request remembered."""
        self._backend.reset()

    def snapshot(self) -> Snapshot:
        """The present state, to come back to."""
        return self._snapshots.take()

    def fork(self) -> MockServer:
        """Another world that starts as this one is now, to try something else in; it ends with the test."""
        fork = MockServer(self._backend.fork())
        self._forks.append(fork)
        return fork

    def diff(self, since: Snapshot | MockServer | None = None) -> list[Change]:
        """Which records are not the same as in the seeds, in a snapshot or in another world now; empty when all are."""
        before = Source(None if since is None else since.world)
        return [change(each) for each in self._backend.differences(before)]

    @property
    def state(self) -> State:
        """The catalogue as it is now and the admin sees it: `state["teams"]["Accounting"]["version"]`."""
        return State(self._served.reader, self._backend.root(), self.url)

    @property
    def requests(self) -> Requests:
        """The requests of this test until now, whichever client sent them."""
        journal, router = self._backend.journal(), self._served.router
        return Requests([Request(each, router) for each in journal.entries], self._served.operations, journal.forgotten)

    def deliveries(
        self, subscription: str | None = None, *, state: str | None = None, timeout: float = 5.0
    ) -> list[Delivery]:
        """What was told to others, oldest first: of one subscription, by its name, and in one state, or all.

        Those of them that are due by the world's clock and still under way are waited for; `timeout` seconds at most.
        """
        __tracebackhide__ = True
        return delivered(self._backend, subscription, state, timeout)

    @cached_property
    def clock(self) -> MovableClock:
        """The world's clock."""
        return MovableClock(self._backend)

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
        self._served.operations.check_pattern(operation)
        return PlannedFault(self._backend, Fault(0, operation, status, message, latency, drop, probability, count))

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
        self._served.operations.check(operation, arguments or ())
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
        self._served.operations.check(operation, arguments or ())
        Expected(operation, body, body_contains, user, status, query, arguments).check_not_called(self.requests)

    def close(self) -> None:
        """Closes the clients and takes the world away; the fixture does it."""
        for client in self._clients:
            client.close()
        for fork in self._forks:
            fork.close()
        self._snapshots.close()
        self._backend.close()

    def _client(self, token: str | None) -> httpx2.Client:
        made = self._backend.client(_headers(token))
        self._clients.append(made)
        return made

    def _token_if_any(self) -> str | None:
        """The admin's token, where one is asked for and there is an admin."""
        try:
            return self.token() if self._served.auth else None
        except UnknownUser:
            return None

    def report(self) -> list[tuple[str, str]]:
        """What helps to understand a failure, by title: the requests, and what they changed."""
        try:
            requests, changes = self.requests, self.diff()
        except Exception as error:  # the report of a failure is no place for another one
            return [("mockserver", f"the world {self.world} cannot be looked at: {error}")]
        sections = [("mockserver requests", requests.told())]
        return [*sections, ("mockserver changes", told(changes))] if changes else sections

    def __repr__(self) -> str:
        return f"<MockServer {self.contract.name}: {len(self.requests)} requests>"


def _headers(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}
