"""What an orchestrator asks: whether the process answers, and whether it is to be sent requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from mockserver.exchange import Problem, Reply
from mockserver.http.problems import problem_reply
from mockserver.http.smallpage import small_page
from mockserver.http.wire import ASGIApp

LIVE, READY = "/livez", "/readyz"
# An answer of a moment ago is of no use to anybody.
HEADERS = (("Cache-Control", "no-store"),)

# Why requests should go elsewhere, or None.
Objection = Callable[[], Awaitable[str | None]]


def probes(*objections: Objection) -> dict[str, ASGIApp]:
    """Both probes by path. The process is alive when it answers; it is ready when there is no objection."""
    return {LIVE: _probe(), READY: _probe(*objections)}


def _probe(*objections: Objection) -> ASGIApp:
    async def answer(headers: Mapping[str, str]) -> Reply:
        reasons = [reason for objection in objections if (reason := await objection()) is not None]
        if reasons:
            return problem_reply(Problem(503, "; ".join(reasons), headers=HEADERS))
        return Reply(200, b'{"status":"ok"}', headers=HEADERS)

    return small_page(answer)
