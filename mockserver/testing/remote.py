"""Worlds of a server that runs elsewhere, reached by its control plane."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from mockserver.bundled import FILES, contract_root
from mockserver.contract.problem import ContractError
from mockserver.exchange import Call, Reason, Reply
from mockserver.http.calling import can_be_sent, is_server_url
from mockserver.http.choosing import PREFIX
from mockserver.http.sandbox import UnknownUser
from mockserver.testing.backend import Headers, Journal
from mockserver.testing.control import ControlError
from mockserver.testing.elsewhere import TTL_SECONDS, Elsewhere, reach
from mockserver.testing.wanted import Refused, Wanted
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault
from mockserver.world.journal import Entry
from mockserver.world.outbox import MOST_DELIVERIES
from mockserver.world.registry import Source
from mockserver.world.root import Root
from mockserver.world.world import World

Json = Any
OPTION = "--mockserver-url"
MOST_LISTED = 10_000
GONE = (404, 410)


class Remote:
    """A world of a server elsewhere."""

    def __init__(self, server: Elsewhere, source: Source) -> None:
        self._server = server
        self.served = server.served
        made = server.control.ask("POST", "/worlds", {"from": _written(source), "ttl": TTL_SECONDS})
        self.name: str = made["name"]
        self.url = self.live_url = f"{server.control.url}{PREFIX}{self.name}"

    def client(self, headers: Headers) -> httpx2.Client:
        return httpx2.Client(transport=self._server.control.transport, base_url=self._api, headers=headers)

    def async_client(self, headers: Headers) -> httpx2.AsyncClient:
        # Nobody closes it, and its loop may end with the test: no connection is kept for later.
        transport = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_keepalive_connections=0))
        return httpx2.AsyncClient(transport=transport, base_url=self._api, headers=headers)

    @property
    def _api(self) -> str:
        return self.url + self.served.contract.prefix

    def token(self, user: str, lifetime: float | None, expired: bool) -> str:
        """Made by the server where a control token is given, and otherwise with the key of this machine's user."""
        if self._server.control.token is not None:
            return self._told_token(user, lifetime, expired)
        signer = self._server.signer
        timed = expired or lifetime is not None
        seeds = self._server.seeds
        try:
            there = World(seeds.with_clock(self.clock()) if timed else seeds)
            return signer.token(user, lifetime=lifetime, expired=expired, at=there)
        except UnknownUser:
            return signer.token(user, lifetime=lifetime, expired=expired, at=World(self.root()))

    def _told_token(self, user: str, lifetime: float | None, expired: bool) -> str:
        asked = {"user": user, "expired": expired} if lifetime is None else {"user": user, "lifetime": lifetime}
        try:
            token: str = self._ask("POST", "/tokens", asked)["token"]
        except ControlError as error:
            if error.status == 404:
                raise UnknownUser(str(error)) from None
            raise
        return token

    def root(self) -> Root:
        return self._server.root(self.name)

    def journal(self) -> Journal:
        told = self._ask("GET", f"/requests?limit={MOST_LISTED}")
        entries = [_entry(each) for each in told["requests"]]
        return Journal(entries, told["seen"] - len(entries))

    def clock(self) -> Clock:
        """The world's time beside this machine's clock."""
        told = self._ask("GET", "/clock")
        frozen = Clock(frozen=told["now"])
        return frozen if told["frozen"] else frozen.resume()

    def set_clock(self, clock: Clock) -> None:
        self._ask("POST", "/clock/freeze", {"at": clock.now()})
        if clock.frozen is None:
            self._ask("POST", "/clock/resume")

    def add_fault(self, fault: Fault) -> Fault:
        given = {
            "operation": fault.operation,
            "status": fault.status,
            "message": fault.message,
            "latency": fault.latency,
            "drop": fault.drop,
            "probability": fault.probability,
            "count": fault.remaining,
        }
        body = {name: value for name, value in given.items() if value is not None}
        return Fault(**self._ask("POST", "/faults", body))

    def find_fault(self, id: int) -> Fault | None:
        planned = (Fault(**each) for each in self._ask("GET", "/faults")["faults"])
        return next((fault for fault in planned if fault.id == id), None)

    def remove_fault(self, id: int) -> None:
        self._unless_gone("DELETE", f"/faults/{id}", self.name)

    def deliveries(self) -> list[dict[str, Json]]:
        found: list[dict[str, Json]] = self._ask("GET", f"/deliveries?limit={MOST_DELIVERIES}")["deliveries"]
        return found

    def differences(self, before: Source) -> list[dict[str, Json]]:
        found: list[dict[str, Json]] = self._ask("POST", "/diff", {"before": _written(before)})["differences"]
        return found

    def take(self, source: Source) -> None:
        self._ask("POST", "/restore", {"from": _written(source)})

    def fork(self) -> Remote:
        return Remote(self._server, Source(world=self.name))

    def reset(self) -> None:
        self._ask("POST", "/reset")

    def close(self) -> None:
        try:
            self._unless_gone("DELETE", f"/worlds/{self.name}")
        except ControlError as error:
            raise Refused(f"mockserver: the world {self.name} cannot be taken away: {error}") from None

    def _ask(self, method: str, path: str, body: Json = None) -> Json:
        return self._server.control.ask(method, path, body, world=self.name)

    def _unless_gone(self, method: str, path: str, world: str | None = None) -> None:
        try:
            self._server.control.ask(method, path, world=world)
        except ControlError as error:
            if error.status not in GONE:
                raise


def _written(source: Source) -> Json:
    """A source as the control plane takes it."""
    return "fixtures" if source.world is None else {"world": source.world}


def _entry(told: dict[str, Json]) -> Entry:
    """A request as the control plane tells it: without secrets, long bodies cut."""
    headers = told["headers"]
    call = Call(told["method"], told["path"], told["query"], headers, told["body"].encode())
    reply = Reply(told["status"], told["answer"].encode(), delay=told["delay"], drop=told["dropped"])
    reason = Reason(told["reason"]) if "reason" in told else None
    about = (told["sequence"], told["timestamp"], told["operation"], told["user"])
    return Entry(*about, call, reply, reason, told.get("cut", False))


class RemoteServer:
    """Hands out worlds of one server; what it does not serve is refused."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._reached: Elsewhere | None = None

    def begin(self, wanted: Wanted) -> Remote:
        try:
            server = self._server()
            if unlike := list(differing(wanted, server.health)):
                raise Refused(f"mockserver: {self._url} serves {'; '.join(unlike)} [{wanted.origin}]")
            return Remote(server, Source())
        except ControlError as error:
            hint = "; give it with --mockserver-control-token or MOCKSERVER_CONTROL_TOKEN"
            raise Refused(f"mockserver: {error}{hint if error.status == 401 else ''} [{OPTION} {self._url}]") from None

    def _server(self) -> Elsewhere:
        if not is_server_url(self._url):
            raise ControlError(f"{self._url!r} is no URL of a server; write it as http://localhost:8585")
        if self._token is not None and not can_be_sent(self._token):
            raise ControlError("the control token cannot be sent in a header; it should be of letters and digits")
        if self._reached is None:
            self._reached = reach(self._url, self._token)
        return self._reached

    def close(self) -> None:
        if self._reached is not None:
            self._reached.close()


def differing(wanted: Wanted, health: dict[str, Json]) -> Iterator[str]:
    """What was asked for and is not served."""
    for name in wanted.asked:
        value, served = getattr(wanted, name), health.get(name)
        if served not in (value, _name_of(name, value)):
            yield f"{name}={served!r}, not {name}={value!r}"


def _name_of(argument: str, value: Json) -> Json:
    """What a server calls a file or a folder."""
    if argument == "contract":
        try:
            return contract_root(value)[0]
        except ContractError:
            return value
    return Path(value).stem if isinstance(value, str) and value.endswith(FILES) else value
