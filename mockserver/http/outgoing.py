"""Notices that a world has something to tell others, and has it sent; who never has, loads nothing for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from mockserver.http.worlds import Worlds
from mockserver.world.outbox import Outbox

if TYPE_CHECKING:
    from mockserver.http.sending import Sender

MOST_SEEN = 4096


class Outgoing:
    """`allowed` are the hosts beside this machine that may be sent to; `start` is called when `attend` is needed.

    `lock` is held while worlds are looked at and changed, where other threads do so too.
    """

    def __init__(
        self,
        worlds: Worlds,
        allowed: Collection[str] = (),
        lock: AbstractContextManager[object] | None = None,
        start: Callable[[], None] | None = None,
    ) -> None:
        self._worlds = worlds
        self._allowed = allowed
        self._lock = lock
        self._start = start
        self._seen: dict[str, Outbox] = {}
        self._waiting: dict[str, None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bell: asyncio.Event | None = None
        self._sender: Sender | None = None

    def notice(self, name: str, outbox: Outbox) -> None:
        """Looks into an outbox that holds something, unless it was looked into as it is."""
        if self._seen.get(name) is outbox:
            return
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[name] = outbox
        self.wake(name)

    def look(self, name: str, *, moved: bool = False) -> None:
        """The same for a world by its name, as it was when it was last looked at; `moved`: its clock may have been."""
        world = self._worlds.known(name)
        if world is None or not world.root.outbox.open:
            return
        if moved:
            self.wake(name)
        else:
            self.notice(name, world.root.outbox)

    def wake(self, name: str) -> None:
        """Looks into a world's outbox, whatever was seen there before; from any thread."""
        if self._sender is not None:
            self._sender.wake(name)
            return
        self._waiting[name] = None
        start, self._start = self._start, None
        if start is not None:
            start()
        if self._loop is not None and self._bell is not None:
            with suppress(RuntimeError):  # the loop may be closed already
                self._loop.call_soon_threadsafe(self._bell.set)

    async def attend(self) -> None:
        """Sends what there is to send, until it is cancelled."""
        self._loop, self._bell = asyncio.get_running_loop(), asyncio.Event()
        if not self._waiting:
            await self._bell.wait()
        from mockserver.http.sending import Sender
        from mockserver.http.targets import Targets

        self._sender = Sender(self._worlds, Targets(self._allowed), self._lock)
        while self._waiting:
            self._sender.wake(self._waiting.popitem()[0])
        await self._sender.attend()
