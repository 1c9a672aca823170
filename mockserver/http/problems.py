"""Refusals of the control plane and the pages, as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson

from mockserver.exchange import Problem, Reply

Json = Any
MEDIA_TYPE = "application/problem+json"


def problem_details(problem: Problem) -> dict[str, Json]:
    """What is wrong, in the members that the standard names, with an `errors` list that says where."""
    details: dict[str, Json] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.message,
    }
    if problem.violations:
        details["errors"] = [{"where": each.where, "detail": each.message} for each in problem.violations]
    return details


def problem_reply(problem: Problem) -> Reply:
    return Reply(problem.status, orjson.dumps(problem_details(problem)), MEDIA_TYPE, problem.headers)
