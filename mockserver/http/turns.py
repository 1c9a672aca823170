"""Turns that threads take at a world, so that none meets another in the middle of a change."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from contextlib import AbstractContextManager
from types import coroutine
from typing import Any

from mockserver.http.wire import ASGIApp, Receive, Scope, Send

Lock = AbstractContextManager[object]


class Turns:
    """An application of which each stretch from one wait to the next runs under a lock, while it waits without it."""

    def __init__(self, app: ASGIApp, lock: Lock) -> None:
        self._app = app
        self._lock = lock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _in_stretches(self._app(scope, receive, send), self._lock)  # type: ignore[arg-type]


@coroutine
def _in_stretches(running: Coroutine[Any, Any, None], lock: Lock) -> Generator[Any, Any, None]:
    """Does what `await running` would do, holding the lock while it runs."""
    thrown: BaseException | None = None
    sent: Any = None
    while True:
        try:
            with lock:
                waits_for = running.send(sent) if thrown is None else running.throw(thrown)
        except StopIteration:
            return
        thrown, sent = None, None
        try:
            sent = yield waits_for
        except BaseException as error:  # also a cancellation, which is the application's to handle
            thrown = error
