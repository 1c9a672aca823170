"""Clients that write all the time to one table and make others, until the server under them is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from random import Random
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any, Self

from tests.stores.histories import choice, observed
from tests.support.linear import Operation
from tests.support.polling import until
from tests.support.tables import Lost, Refused, TableClient, Unreached

Json = Any
CALLERS = 3


class Load(AbstractContextManager["Load"]):
    """Some callers of one table and one who makes tables, each in a thread; they stop at the first answer that is lost.

    `history` is what was seen of the one table; `made` are the names of tables that are there for certain, `tried` of
    those that may be. A `lasting` load goes on until its block ends.
    """

    def __init__(self, client: Callable[[int], TableClient], mark: str, *, lasting: bool = False) -> None:
        self.history: list[Operation] = []
        self.made: list[str] = []
        self.tried: list[str] = []
        self.refused = 0
        self._client = client
        self._mark = mark
        self._lasting = lasting
        self._over = Event()
        self._pool = ThreadPoolExecutor(CALLERS + 1)
        self._running: Sequence[Future[None]] = ()

    def until_answered(self, requests: int) -> None:
        """Waits until so many more were answered."""
        wanted = self._answered + requests
        until(lambda: self._answered >= wanted, f"{requests} requests are answered")

    @property
    def _answered(self) -> int:
        return len(self.history) + len(self.made)

    def __enter__(self) -> Self:
        self._running = [
            *(self._pool.submit(self._call, number) for number in range(CALLERS)),
            self._pool.submit(self._make),
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._pool.shutdown()
        # What was lost may have been done later than its caller gave up.
        now = monotonic()
        self.history = [each if each.certain else each._replace(end=now) for each in self.history]
        if error is None:
            for each in self._running:
                each.result()

    def _call(self, number: int) -> None:
        client, chance, at = self._client(number), Random(f"{self._mark} {number}"), 0
        while not self._over.is_set():
            at += 1
            seen = observed(client, *choice(chance, f"{self._mark}.{number}.{at}"))
            if seen is None:
                self.refused += 1
                if not self._lasting:
                    break
                continue
            self.history.append(seen)
            if not seen.certain and not self._lasting:
                break
        client.close()

    def _make(self) -> None:
        client, at = self._client(CALLERS), 0
        while not self._over.is_set():
            at += 1
            name = f"t.{self._mark}.{at}"
            try:
                client.create(name)
            except Lost:
                self.tried.append(name)
            except (Refused, Unreached) as told:
                if isinstance(told, Refused) and not told.is_passing:
                    raise
                self.refused += 1
            else:
                self.made.append(name)
                continue
            if not self._lasting:
                break
        client.close()
