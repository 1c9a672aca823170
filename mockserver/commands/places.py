"""Where a world is kept that is moved: behind a running server, or in a store; both are asked in the same words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from mockserver.commands.sharing import CannotRun, profile_option, refuse

if TYPE_CHECKING:
    from mockserver.exchange import Reply

Command = TypeVar("Command", bound=Callable[..., Any])
Json = Any
PATIENCE_SECONDS = 60.0
REFUSED = 400
# How much worlds may hold, and how many there may be, is for servers to say.
BOUNDLESS = sys.maxsize
OPTIONS = (
    click.option("--store", metavar="URL", help="The store where the world is kept, as `serve` has it."),
    click.option("--url", metavar="URL", help="The running server that has the world, such as http://localhost:8585."),
    click.option("--control-token", metavar="TOKEN", help="What the server's control plane asks for."),
    click.option("--world", default="default", show_default=True, metavar="NAME", help="Which world."),
    click.option("--contract", default="openmetadata", show_default=True, help="What the store's worlds follow."),
    profile_option,
)


def place_options(command: Command) -> Command:
    """Gives a command the options that say where a world is kept."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Place(Protocol):
    """Answers a request to the control plane with its status and its body."""

    def ask(self, method: str, path: str, world: str, body: bytes = b"") -> tuple[int, bytes]: ...

    def close(self) -> None: ...


def place_of(
    store: str | None, url: str | None, control_token: str | None, contract: str, profile: str | None, *, make: bool
) -> Place:
    """The one place that the options name. `make`: a store that is not there yet is made."""
    if (store is None) == (url is None):
        raise CannotRun("say where the world is, by --store or by --url, and not by both")
    if url is not None:
        return Running(url, control_token)
    if control_token is not None:
        raise CannotRun("--control-token is for --url; a store has none")
    return Kept(str(store), contract, profile, make=make)


class Running:
    """A server that is asked over HTTP."""

    def __init__(self, url: str, token: str | None) -> None:
        from mockserver.http.calling import can_be_sent, is_server_url

        if not is_server_url(url):
            raise CannotRun(f"--url {url!r} is no URL of a server; write it as http://localhost:8585")
        if token is not None and not can_be_sent(token):
            raise CannotRun("--control-token holds what cannot be sent in a header; it should be of letters and digits")
        self._url = url.rstrip("/")
        self._token = token

    def ask(self, method: str, path: str, world: str, body: bytes = b"") -> tuple[int, bytes]:
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError
        from urllib.request import Request, urlopen

        from mockserver.http.calling import can_be_sent

        if not can_be_sent(world):
            raise CannotRun(f"--world {world!r} cannot name a world; use letters, digits, '.', '_' and '-'")
        headers = {"X-Mock-World": world, "Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        request = Request(self._url + path, body or None, headers, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except (URLError, OSError, HTTPException) as error:
            told = getattr(error, "reason", error)
            raise CannotRun(f"--url {self._url} does not answer: {str(told) or type(told).__name__}") from error

    def close(self) -> None:
        """Each request has a connection of its own."""


class Kept:
    """A store that is opened here, as a server would."""

    def __init__(self, url: str, contract: str, profile: str | None, *, make: bool) -> None:
        from mockserver.contract.problem import ContractError
        from mockserver.http.control.plane import ControlPlane
        from mockserver.http.loop import Loop
        from mockserver.http.sandbox import MEMORY, open_sandbox, with_store
        from mockserver.stores.opening import open_store
        from mockserver.stores.store import CannotOpen
        from mockserver.stores.urls import shown_url
        from mockserver.world.registry import Limits

        if url == MEMORY:
            raise CannotRun("--store memory ends with its server; ask the server with --url while it runs")
        try:
            sandbox = open_sandbox(contract, profile=profile, limits=Limits(BOUNDLESS, BOUNDLESS))
            if not make:
                open_store(url, sandbox.contract.name, make=False).close()
            self._sandbox = with_store(sandbox, url)
        except ContractError as error:
            refuse(error)
        except CannotOpen as error:
            raise CannotRun(f"--store {shown_url(url)}: {error}") from error
        self._plane = ControlPlane(self._sandbox, None)
        self._loop = Loop()

    def ask(self, method: str, path: str, world: str, body: bytes = b"") -> tuple[int, bytes]:
        from mockserver.exchange import Call

        call = Call(method, path, body=body, world=world)
        reply: Reply = self._loop.run(self._plane.answer(call))
        return reply.status, reply.body

    def close(self) -> None:
        self._sandbox.worlds.close()
        self._loop.close()


def require(wanted: int, status: int, body: bytes) -> bytes:
    """The body of a success, which has this status; CannotRun with what a refusal says."""
    if status == wanted:
        return body
    if status < REFUSED:
        raise CannotRun(f"answered {status}, which is not how a control plane answers; see where --url leads")
    import orjson

    try:
        told = orjson.loads(body)["detail"]
    except (ValueError, LookupError, TypeError):
        told = body[:300].decode("utf-8", "replace")
    raise CannotRun(f"answered {status}: {told}")
