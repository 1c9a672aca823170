"""A page that is asked for every few seconds by programs, and needs nothing that the other pages load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from mockserver.exchange import Problem, Reply
from mockserver.http import wire
from mockserver.http.problems import problem_reply
from mockserver.http.wire import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "HEAD")

Answer = Callable[[Mapping[str, str]], Awaitable[Reply]]


def small_page(answer: Answer) -> ASGIApp:
    """An application that answers GET and HEAD with what `answer` makes of the request's headers."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        reply = await answer(wire.decoded(scope["headers"])) if method in METHODS else _refusal(method, scope["path"])
        await send({"type": "http.response.start", "status": reply.status, "headers": wire.head_of(reply)})
        await send({"type": "http.response.body", "body": wire.body_of(method, reply)})

    return app


def _refusal(method: str, path: str) -> Reply:
    allowed = ", ".join(METHODS)
    message = f"{method} is not allowed on {path}; allowed are {allowed}"
    return problem_reply(Problem(405, message, headers=(("Allow", allowed),)))
