"""Counts and times of requests, and the size of what is served, for Prometheus to collect."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from math import nan

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, Metric, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mockserver.exchange import Call, Headers, Reply
from mockserver.http.counting import TOGETHER
from mockserver.http.smallpage import small_page
from mockserver.http.wire import ASGIApp

PATH, DROPPED = "/metrics", "dropped"
# From what memory answers to what somebody gives up waiting for, in seconds.
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# The operation that a call is of, and how many records each world has, if that can be found out.
OperationOf = Callable[[Call], str]
Census = Callable[[], Awaitable[Sequence[int] | None]]


class Metrics(Collector):
    """What was seen here; it is told of each request as a log is. Processes that count together show it all alike."""

    def __init__(self, operation_of: OperationOf, census: Census) -> None:
        self._operation_of = operation_of
        self._census = census
        self._records: Sequence[int] | None = None
        self._together = os.environ.get(TOGETHER)
        self._counted = counted = CollectorRegistry()
        self._requests = Counter(
            "mockserver_requests", "Requests to the API.", ("operation", "status"), registry=counted
        )
        self._seconds = Histogram(
            "mockserver_request_seconds", "How long they took.", ("operation",), registry=counted, buckets=BUCKETS
        )
        self._store_seconds = Histogram(
            "mockserver_store_seconds",
            "How long calls of the store took.",
            ("call",),
            registry=counted,
            buckets=BUCKETS,
        )
        self._conflicts = Counter(
            "mockserver_store_conflicts", "Changes that another one forestalled.", registry=counted
        )
        # Finding them by their labels takes longer than counting.
        self._known: dict[tuple[str, int | str], tuple[Counter, Histogram]] = {}
        self._shown = CollectorRegistry()
        ProcessCollector(registry=self._shown)
        GCCollector(registry=self._shown)
        self._shown.register(self)

    def collect(self) -> Iterator[Metric]:
        """What is counted, and how things stand."""
        yield InfoMetricFamily("mockserver_build", "What runs here.", {"version": version("mockserver")})
        records = self._records
        for name, text, value in (
            ("mockserver_worlds", "Worlds that are kept.", nan if records is None else len(records)),
            ("mockserver_records", "Records in all worlds.", nan if records is None else sum(records)),
        ):
            yield GaugeMetricFamily(name, text, value)
        if self._together is None:
            yield from self._counted.collect()
            return
        yield from MultiProcessCollector(None, self._together).collect()  # type: ignore[no-untyped-call]

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
        self._records = await self._census()
        encode, media_type = choose_encoder(headers.get("accept", ""))
        # Thousands of lines, for which no request should wait.
        return Reply(200, await asyncio.to_thread(encode, self._shown), media_type)
