"""The pages beside the API: what is served here, the contract, and the public key."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver.exchange import Problem
from mockserver.http import cors, wire
from mockserver.http.problems import problem_reply
from mockserver.http.sandbox import Sandbox
from mockserver.world.shown import render

Json = Any
YAML = "application/yaml"


def build_pages(sandbox: Sandbox) -> wire.ASGIApp:
    """What anybody may read beside the API."""
    pages = Pages(sandbox)
    routes = [
        Route("/", pages.front),
        Route("/openapi.json", pages.openapi_json),
        Route("/openapi.yaml", pages.openapi_yaml),
        Route("/.well-known/jwks.json", pages.key_set),
    ]
    handlers: Any = {HTTPException: turned_away, Exception: failed}
    return Starlette(routes=routes, exception_handlers=handlers)


class Pages:
    """What anybody may read."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._json = cache(lambda: render(sandbox.contract.document))
        self._yaml = cache(lambda: as_yaml(sandbox.contract.document))

    async def front(self, request: Request) -> Response:
        """Where to go from here."""
        contract = self._sandbox.contract
        info = contract.parts.get("info", {})
        home = str(request.base_url).rstrip("/")
        return answer(
            request,
            {
                "name": contract.name,
                "title": info.get("title"),
                "version": info.get("version"),
                "api": home + contract.prefix,
                "contract": f"{home}/openapi.yaml",
                "keys": f"{home}/.well-known/jwks.json",
                "health": f"{home}/__mock__/health",
            },
        )

    async def openapi_json(self, request: Request) -> Response:
        return answer(request, self._json())

    async def openapi_yaml(self, request: Request) -> Response:
        return answer(request, self._yaml(), YAML)

    async def key_set(self, request: Request) -> Response:
        """The public part of the key that tokens are signed with."""
        return answer(request, self._sandbox.signer.key_set())


def answer(request: Request, body: Json, media_type: str = "application/json") -> Response:
    """A page, which scripts of other origins may read too."""
    origin = request.headers.get("origin")
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(content, media_type=media_type, headers=dict(cors.share(origin)) if origin else None)


def as_yaml(document: Json) -> bytes:
    import yaml

    class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Writes a value twice rather than an anchor, which few readers of OpenAPI expect."""

        def ignore_aliases(self, data: Json) -> bool:
            return True

    written: bytes = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=120, encoding="utf-8")
    return written


async def turned_away(request: Request, error: Exception) -> Response:
    """What Starlette's router refuses, as problem details."""
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code != 405:
        return refused(Problem(404, f"nothing is at the path {path}; the control plane is switched off here"))
    allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
    message = f"{request.method} is not allowed on {path}; allowed are {allowed}"
    return refused(Problem(405, message, headers=(("Allow", allowed),)))


async def failed(request: Request, error: Exception) -> Response:
    return refused(Problem(500, f"the sandbox itself failed: {type(error).__name__}: {error}"))


def refused(problem: Problem) -> Response:
    reply = problem_reply(problem)
    return Response(reply.body, reply.status, dict(reply.headers), reply.media_type)
