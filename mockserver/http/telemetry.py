"""What those who watch a server are told: probes, a line for each request, metrics."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from mockserver.exchange import Call, Problem
from mockserver.http.drain import Drain
from mockserver.http.listening import CannotServe
from mockserver.http.probes import probes
from mockserver.http.requestlog import Log, request_log, together
from mockserver.http.sandbox import Measure, Sandbox
from mockserver.world.registry import DEFAULT

# What a request is counted under that is no operation's.
NO_OPERATION = "none"
# Orchestrators give up on a probe soon, and then know less than we could have told them.
STORE_SECONDS = 0.8


class Telemetry:
    """`sandbox` gives the one that is served at the moment; `log_format` None writes only in a terminal."""

    def __init__(
        self, sandbox: Callable[[], Sandbox], drain: Drain, log_format: str | None, *, metrics: bool = False
    ) -> None:
        self._sandbox = sandbox
        self.pages = probes(drain.objection, self._store_objection)
        self.measure: Measure | None = None
        logs: list[Log] = []
        if metrics:
            logs.append(self._count())
        written = log_format or ("text" if sys.stderr.isatty() else None)
        if written is not None:
            logs.append(request_log(written))
        self.log = together(logs)

    def _count(self) -> Log:
        """Begins to count requests, and gives the page on which they are read."""
        try:
            from mockserver.http.measured import measured
            from mockserver.http.metrics import Metrics
        except ModuleNotFoundError as error:
            if error.name != "prometheus_client":
                raise
            hint = "install it with: pip install 'mockserver[metrics]'"
            raise CannotServe(f"--metrics needs prometheus-client; {hint}") from None
        metrics = Metrics(self._operation_of, self._census)
        self.pages |= metrics.pages
        self.measure = lambda store: measured(store, metrics.note_store)
        return metrics.note

    def _operation_of(self, call: Call) -> str:
        try:
            return self._sandbox().engine.router.match(call.method, call.path)[0].id
        except Problem:
            return NO_OPERATION

    async def _census(self) -> list[int] | None:
        try:
            return [world.records for world in await self._sandbox().worlds.listed()]
        except Problem:
            return None

    async def _store_objection(self) -> str | None:
        """Looks into a world, wherever it is kept."""
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._sandbox().worlds.look(DEFAULT, lambda world: None)
        except TimeoutError:
            return f"the store has not answered within {STORE_SECONDS:g} seconds"
        except Problem as problem:
            return f"the store cannot be reached: {problem.message}"
        return None
