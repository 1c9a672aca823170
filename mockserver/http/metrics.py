"""Counts and times of requests, and the size of what is served, for Prometheus to collect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import version
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from mockserver.exchange import Call, Headers, Reply
from mockserver.http.smallpage import small_page
from mockserver.http.wire import ASGIApp

PATH, DROPPED = "/metrics", "dropped"
# From what memory answers to what somebody gives up waiting for, in seconds.
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# The operation that a call is of, and how many records each world has, if that can be found out.
OperationOf = Callable[[Call], str]
Census = Callable[[], Awaitable[Sequence[int] | None]]


class Metrics:
    """What one process has seen; it is told of each request as a log is."""

    def __init__(self, operation_of: OperationOf, census: Census) -> None:
        self._operation_of = operation_of
        self._census = census
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        Info("mockserver_build", "What runs here.", registry=registry).info({"version": version("mockserver")})
        self._requests = Counter(
            "mockserver_requests", "Requests to the API.", ("operation", "status"), registry=registry
        )
        self._seconds = Histogram(
            "mockserver_request_seconds", "How long they took.", ("operation",), registry=registry, buckets=BUCKETS
        )
        self._store_seconds = Histogram(
            "mockserver_store_seconds",
            "How long calls of the store took.",
            ("call",),
            registry=registry,
            buckets=BUCKETS,
        )
        self._conflicts = Counter(
            "mockserver_store_conflicts", "Changes that another one forestalled.", registry=registry
        )
        # Finding them by their labels takes longer than counting.
        self._known: dict[tuple[str, int | str], tuple[Counter, Histogram]] = {}
        self._worlds = Gauge("mockserver_worlds", "Worlds that are kept.", registry=registry)
        self._records = Gauge("mockserver_records", "Records in all worlds.", registry=registry)

    @property
    def pages(self) -> dict[str, ASGIApp]:
        return {PATH: small_page(self._collected)}

    def note(self, call: Call, reply: Reply, seconds: float) -> Headers:
        """Takes down one answer."""
        key = (self._operation_of(call), DROPPED if reply.drop else reply.status)
        known = self._known.get(key)
        if known is None:
            operation, status = key
            known = self._requests.labels(operation, str(status)), self._seconds.labels(operation)
            self._known[key] = known
        requests, duration = known
        requests.inc()
        duration.observe(seconds)
        return ()

    def note_store(self, call: str, seconds: float, late: int) -> None:
        """Takes down one call of the store."""
        self._store_seconds.labels(call).observe(seconds)
        if late:
            self._conflicts.inc(late)

    async def _collected(self, headers: Mapping[str, str]) -> Reply:
        records = await self._census()
        self._worlds.set(nan if records is None else len(records))
        self._records.set(nan if records is None else sum(records))
        encode, media_type = choose_encoder(headers.get("accept", ""))
        # Thousands of lines, for which no request should wait.
        return Reply(200, await asyncio.to_thread(encode, self._registry), media_type)
