"""One process that serves: its application, what is said about it, and how it follows its files."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from socket import socket

from mockserver.contract.problem import ContractError
from mockserver.http import collector
from mockserver.http.app import App
from mockserver.http.drain import Drain
from mockserver.http.listening import CannotServe
from mockserver.http.options import Options
from mockserver.http.outgoing import Outgoing
from mockserver.http.ready import Ready
from mockserver.http.reload import Stamp, watch
from mockserver.http.sandbox import MEMORY, Measure, Sandbox, with_store
from mockserver.http.server import Server
from mockserver.http.telemetry import Telemetry

# Tells people and scripts how to call it now, in a line.
Tell = Callable[[Ready, str], None]


class Service:
    """Serves what was opened, at the worlds of the store that the options name."""

    def __init__(self, options: Options, opened: Sandbox, url: str, tell: Tell, stamped: Stamp) -> None:
        """CannotServe when the store cannot be used. `stamped`: the files before they were read."""
        self._options = options
        self._drain = Drain(options.drain)
        self._url = url
        self._tell = tell
        self._stamp = stamped
        telemetry = Telemetry(lambda: self.app.sandbox, self._drain, options.log_format, metrics=options.metrics)
        kept = opened if options.store == MEMORY else _kept(opened, options.store, telemetry.measure)
        self.app = App(kept, options.settings(telemetry))
        self.app.outgoing = self._outgoing = Outgoing(kept.worlds, options.deliver_to)

    def run(self, listener: socket, on_abandoned: Callable[[], None], *also: Callable[[], Awaitable[None]]) -> None:
        """Serves until it is told to stop; does other things meanwhile."""
        background = [self.app.sandbox.worlds.attend, self._outgoing.attend, *also]
        if self._options.reload:
            background.append(self.watch)
        Server(
            self.app,
            self.announce,
            background,
            plain_asgi=self._options.plain_asgi,
            drain=self._drain,
            on_abandoned=on_abandoned,
            limits=self._options.connection_limits(),
        ).run([listener])

    def close(self) -> None:
        self.app.sandbox.worlds.close()

    def announce(self) -> None:
        """Tells that it answers."""
        ready = self._describe()
        self._tell(ready, ready.line())

    async def watch(self) -> None:
        await watch(self._options.watched(), self._stamp, self.reload, own=self._options.ready_file)

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
        self.app.serve(sandbox._replace(worlds=worlds))
        collector.take_back()
        self._tell(self._describe(), f"Reloaded after a change of {names}; {outcome}")

    def _describe(self) -> Ready:
        sandbox = self.app.sandbox
        contract = sandbox.contract
        return Ready(contract.name, self._url, self._url + contract.prefix, sandbox.tokens(), sandbox.auth)


def _kept(opened: Sandbox, url: str, measure: Measure | None) -> Sandbox:
    from mockserver.stores.store import CannotOpen
    from mockserver.stores.urls import shown_url

    try:
        return with_store(opened, url, measure)
    except CannotOpen as error:
        raise CannotServe(f"--store {shown_url(url)}: {error}") from error


def complain(text: str) -> None:
    """Says on stderr what went wrong while it serves."""
    sys.stderr.write(f"{text}\n")
