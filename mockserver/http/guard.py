"""Who may use the control plane: no page of another origin, and with a control token nobody without it."""

from __future__ import annotations

from hmac import compare_digest

from mockserver.exchange import Problem
from mockserver.http.problems import problem_reply
from mockserver.http.wire import ASGIApp, Receive, Scope, Send, decoded, head_of

OPEN = "/health"
BEARER = "bearer "


class Guard:
    """Stands before the control plane; `token` None lets in whoever could send a request at all."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._objection(scope)
        if problem is None:
            await self._app(scope, receive, send)
            return
        reply = problem_reply(problem)
        await send({"type": "http.response.start", "status": reply.status, "headers": head_of(reply)})
        await send({"type": "http.response.body", "body": reply.body})

    def _objection(self, scope: Scope) -> Problem | None:
        headers = decoded(scope["headers"])
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{headers.get('host')}":
            return Problem(403, f"the control plane is not for pages of other origins, such as {origin[:100]}")
        if self._token is None or scope["path"].removeprefix(scope.get("root_path", "")) == OPEN:
            return None
        given = headers.get("authorization", "")
        if given[: len(BEARER)].lower() != BEARER:
            message = "the control plane needs the control token: send Authorization: Bearer and the token"
            return Problem(401, message, headers=(("WWW-Authenticate", "Bearer"),))
        if not compare_digest(given[len(BEARER) :].strip().encode(), self._token.encode()):
            return Problem(
                401, "this is not the control token", headers=(("WWW-Authenticate", 'Bearer error="invalid_token"'),)
            )
        return None
