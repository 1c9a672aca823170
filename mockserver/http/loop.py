"""Runs asynchronous code to its end for callers that are not asynchronous, in whatever thread they are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """Keeps one event loop for the thread it was made in, where nearly all calls come from."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._runner = _runner()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if _inside_a_loop():
            # A loop is not entered twice in one thread: a test that is asynchronous itself waits for another thread.
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(1) as pool:
                return pool.submit(asyncio.run, coroutine).result()
        if threading.get_ident() != self._thread:
            return asyncio.run(coroutine)
        return self._runner.get_loop().run_until_complete(coroutine)

    def close(self) -> None:
        """Leaves nothing under way: tasks are cancelled, and threads waited for."""
        self._runner.close()


@contextmanager
def attending(attend: Callable[[], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Runs what does not end by itself in a thread of its own while the block runs."""
    runner = _runner()
    loop = runner.get_loop()
    task = loop.create_task(attend())

    def run() -> None:
        with runner, suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=run, name="attending", daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(RuntimeError):  # the loop is closed when it came to an end
            loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _runner() -> asyncio.Runner:
    """One whose loop is no thread's own."""
    return asyncio.Runner(loop_factory=asyncio.new_event_loop)


def _inside_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
