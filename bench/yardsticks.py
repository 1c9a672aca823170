"""The yardsticks: the least that an ASGI server can do, and a Starlette route, answering the same bytes."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Message = MutableMapping[str, Any]
ANSWERS = "BENCH_ANSWERS"


def _answers() -> dict[tuple[str, str], bytes]:
    """The bodies by method and path, as they were recorded in a file."""
    recorded = json.loads(Path(os.environ[ANSWERS]).read_text()) if ANSWERS in os.environ else []
    return {(method, path): base64.b64decode(body) for method, path, body in recorded}


class Bare:
    """Looks the answer up and sends it: what is left is uvicorn."""

    def __init__(self) -> None:
        self._answers = _answers()

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            return
        body = self._answers.get((scope["method"], scope["path"]), b"{}")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def bare() -> Bare:
    return Bare()


def starlette_hello() -> Starlette:
    """One Starlette route for each answer."""

    def route(method: str, path: str, body: bytes) -> Route:
        async def answer(request: Request) -> Response:
            return Response(body, media_type="application/json")

        return Route(path, answer, methods=[method])

    return Starlette(routes=[route(method, path, body) for (method, path), body in _answers().items()])
