"""The pages beside the API: what is served here, the contract, the public key, and the control plane."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from mockserver.contract.problem import nearest
from mockserver.exchange import Problem
from mockserver.http import cors, wire
from mockserver.http.control.routes import control_routes
from mockserver.http.guard import Guard
from mockserver.http.problems import problem_reply
from mockserver.http.sandbox import Sandbox

if TYPE_CHECKING:
    from mockserver.http.app import Settings

Json = Any
YAML = "application/yaml"


def build_pages(sandbox: Sandbox, settings: Settings) -> wire.ASGIApp:
    """Everything that is no operation of the contract."""
    pages = Pages(sandbox)
    routes: list[Route | Mount] = [
        Route("/", pages.front),
        Route("/openapi.json", pages.openapi_json),
        Route("/openapi.yaml", pages.openapi_yaml),
        Route("/.well-known/jwks.json", pages.key_set),
    ]
    if settings.control:
        control = control_routes(sandbox, trusted=settings.control_token is not None)
        routes.append(Mount("/__mock__", routes=control, middleware=[Middleware(Guard, settings.control_token)]))
    refuse = Refusals(routes)
    handlers: Any = {HTTPException: refuse, Problem: refuse, Exception: refuse}
    return Starlette(routes=routes, exception_handlers=handlers)


class Pages:
    """What anybody may read."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._json = cache(lambda: orjson.dumps(sandbox.contract.document))
        self._yaml = cache(lambda: as_yaml(sandbox.contract.document))

    async def front(self, request: Request) -> Response:
        """Where to go from here."""
        contract = self._sandbox.contract
        info = contract.document.get("info", {})
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


class Refusals:
    """Any refusal as problem details; what Starlette's router turns away, too."""

    def __init__(self, routes: list[Route | Mount]) -> None:
        below = [(mount.path, route) for mount in routes if isinstance(mount, Mount) for route in mount.routes]
        self._paths = [f"{prefix}{route.path}" for prefix, route in below if isinstance(route, Route)]

    async def __call__(self, request: Request, error: Exception) -> Response:
        if isinstance(error, Problem):
            problem = error
        elif isinstance(error, HTTPException):
            problem = self._turned_away(request, error)
        else:
            problem = Problem(500, f"the sandbox itself failed: {type(error).__name__}: {error}")
        reply = problem_reply(problem)
        # What is left of a body that is too large would otherwise be read before the next request.
        closing = {"Connection": "close"} if problem.status == 413 else {}
        return Response(reply.body, reply.status, {**dict(reply.headers), **closing}, reply.media_type)

    def _turned_away(self, request: Request, error: HTTPException) -> Problem:
        path = request.url.path
        if error.status_code == 405:
            allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
            return Problem(
                405, f"{request.method} is not allowed on {path}; allowed are {allowed}", headers=(("Allow", allowed),)
            )
        if not self._paths:
            return Problem(404, f"nothing is at the path {path}; the control plane is switched off here")
        meant = nearest(path, self._paths)
        return Problem(404, f"nothing is at the path {path}" + (f"; did you mean {meant}?" if meant else ""))
