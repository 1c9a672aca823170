"""Requests of one caller, one at a time, and how long they take."""

from __future__ import annotations

import http.client
import time
from typing import Any

import orjson

from bench.processes import Server


class Asking:
    """One keep-alive connection, for what is below one place."""

    def __init__(self, server: Server, place: str) -> None:
        self._place = place
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self._headers = {"Authorization": f"Bearer {server.tokens['admin']}"}

    def timed(self, method: str, path: str, patch: str | None = None) -> tuple[float, Any]:
        """Seconds until the answer is whole, and the answer."""
        headers = self._headers if patch is None else {**self._headers, "Content-Type": "application/json-patch+json"}
        begun = time.perf_counter()
        self._connection.request(method, f"/api/v1{self._place}{path}", patch, headers)
        response = self._connection.getresponse()
        text = response.read()
        elapsed = time.perf_counter() - begun
        if response.status != 200:
            raise SystemExit(f"{method} {path} answered {response.status}: {text[:200]!r}")
        return elapsed, orjson.loads(text)


def slow(times: list[float]) -> float:
    """The 99th percentile, in milliseconds."""
    return sorted(times)[len(times) * 99 // 100] * 1e3
