"""What lets a browser's page from another origin use the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockserver.exchange import Headers

REMEMBERED_SECONDS = "600"


def is_preflight(headers: Mapping[str, str]) -> bool:
    """Whether an OPTIONS request is a browser asking beforehand if a page may."""
    return "origin" in headers and "access-control-request-method" in headers


def share(origin: str, exposed: Headers = ()) -> Headers:
    """Lets the page that asks read an answer, with these of its headers."""
    # No cookie means anything to us, so a page that sends cookies gains nothing by being allowed to.
    shared = (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin"))
    names = ", ".join(name for name, _ in exposed)
    return (*shared, ("Access-Control-Expose-Headers", names)) if names else shared


def permit(headers: Mapping[str, str], methods: Iterable[str]) -> Headers:
    """The answer to a preflight: every method that the path has, and whatever headers are asked for."""
    wanted = headers.get("access-control-request-headers")
    permitted = (
        ("Access-Control-Allow-Methods", ", ".join(methods)),
        ("Access-Control-Max-Age", REMEMBERED_SECONDS),
    )
    return (*permitted, ("Access-Control-Allow-Headers", wanted)) if wanted else permitted
