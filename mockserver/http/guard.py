"""Who may use the control plane: no page of another origin, and with a control token nobody without it."""

from __future__ import annotations

from hmac import compare_digest

from mockserver.exchange import Call, Problem
from mockserver.http.choosing import PREFIX

CONTROL = "/__mock__"
BEARER = "bearer "


def objection(call: Call, token: str | None) -> Problem | None:
    """Why a request is not let in; `token` None lets in whoever could send one, and health is nobody's secret."""
    origin = call.headers.get("origin")
    if origin is not None and origin != call.origin.partition(PREFIX)[0]:
        return Problem(403, f"the control plane is not for pages of other origins, such as {origin[:100]}")
    if token is None or call.path == f"{CONTROL}/health":
        return None
    given = call.headers.get("authorization", "")
    if given[: len(BEARER)].lower() != BEARER:
        message = "the control plane needs the control token: send Authorization: Bearer and the token"
        return Problem(401, message, headers=(("WWW-Authenticate", "Bearer"),))
    if not compare_digest(given[len(BEARER) :].strip().encode(), token.encode()):
        wrong = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)
        return Problem(401, "this is not the control token", headers=wrong)
    return None
