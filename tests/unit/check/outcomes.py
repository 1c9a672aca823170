"""Outcomes of checks that were never run, for those that only show them."""

from collections import Counter
from typing import Any

from mockserver.check.exclusions import Exclusion
from mockserver.check.findings import CheckOutcome, Finding, Tally

HOSTILE = "<script>alert('\x1b[31m & \x00')</script>"


def finding(**changed: Any) -> Finding:
    values: dict[str, Any] = {
        "operation": "getBook",
        "label": "GET /books/{bookId}",
        "check": "response_schema_conformance",
        "phase": "coverage",
        "title": "Response violates schema",
        "message": '"title" is a required property',
        "steps": ("curl -X POST http://host/books", "curl http://host/books/1"),
        "seed": 7,
        "times": 3,
        "status": 200,
        "answer": '{"id": 1}',
    }
    return Finding(**(values | changed))


def tally(operation: str = "getBook", statuses: dict[int, int] | None = None, **changed: Any) -> Tally:
    counted = Counter({200: 4, 404: 2} if statuses is None else statuses)
    more: dict[str, Any] = {"other_methods": 1, "checks": {"not_a_server_error"}} | changed
    return Tally(operation, f"GET /{operation}", counted, **more)


def outcome(*findings: Finding, **changed: Any) -> CheckOutcome:
    values: dict[str, Any] = {
        "base_url": "http://host",
        "seed": 7,
        "started": 1_700_000_000.0,
        "seconds": 1.5,
        "findings": findings,
        "tallies": (tally(), tally("listBooks", {200: 1, 500: 1})),
    }
    return CheckOutcome(**(values | changed))


EXCUSED = Exclusion("list*", "use_after_free", "the list is a cache", place="exclusions.yaml:1")
STALE = Exclusion("getBook", "ignored_auth", "the book is public", place="exclusions.yaml:4")
