"""Finds out, before thousands of requests are sent, whether the target is there and lets us in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from mockserver.check.operations import Operation
from mockserver.check.target import CannotRunError
from mockserver.contract.problem import shown
from mockserver.http.calling import reached

MOST_PROBES = 5
PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Probe:
    """How the target answered one plain GET."""

    operation: Operation
    status: int
    content_type: str

    @property
    def missed(self) -> bool:
        """Nothing of the contract is here: not found, or a page for people."""
        return self.status == 404 or self.content_type == "text/html"


def preflight(document: Mapping[str, Any], operations: Collection[Operation], base_url: str, token: str | None) -> None:
    """CannotRunError when the base URL leads nowhere, leads elsewhere, or refuses the token."""
    if reached(base_url) is None:
        raise CannotRunError(f"{shown(base_url)} is no URL of a server; it should look like http://localhost:8585/api")
    probes = _probes(operations, base_url, token)
    if not probes:
        _ask(base_url, token)
        return
    if all(probe.missed for probe in probes):
        first = probes[0]
        hint = _other_base(document, first.operation, base_url, token)
        raise CannotRunError(
            f"{base_url} does not serve this contract: GET {base_url}{first.operation.path} "
            f"answered {first.status} {first.content_type or 'without content'}{hint}"
        )
    secured = [probe for probe in probes if probe.operation.secured_in(document)]
    if secured and all(probe.status == 401 for probe in secured):
        asked = f"GET {secured[0].operation.path} answered 401"
        raise CannotRunError(
            f"{base_url} refuses the token: {asked}" if token else f"{base_url} wants a token: {asked}; use --token"
        )


def _probes(operations: Collection[Operation], base_url: str, token: str | None) -> list[Probe]:
    plain = [operation for operation in operations if _is_plain_get(operation)]
    return [Probe(operation, *_ask(base_url + operation.path, token)) for operation in plain[:MOST_PROBES]]


def _is_plain_get(operation: Operation) -> bool:
    if operation.method != "GET" or "{" in operation.path:
        return False
    return not any(parameter.get("required") for parameter in operation.parameters)


def _other_base(document: Mapping[str, Any], operation: Operation, base_url: str, token: str | None) -> str:
    """A suggestion, when the contract names a prefix under which the target does answer."""
    for server in document.get("servers", ()):
        prefix = urlsplit(server["url"]).path.rstrip("/")
        if not prefix or base_url.endswith(prefix):
            continue
        if not Probe(operation, *_ask(base_url + prefix + operation.path, token)).missed:
            return f"; did you mean {base_url}{prefix}?"
    return "; is this where the API begins?"


def _ask(url: str, token: str | None) -> tuple[int, str]:
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        answer = requests.get(url, headers=headers, timeout=PATIENCE_SECONDS)
    except requests.RequestException as error:
        raise CannotRunError(f"{url} cannot be reached: {_why(error)}") from None
    return answer.status_code, answer.headers.get("Content-Type", "").partition(";")[0].strip()


def _why(error: BaseException) -> str:
    """What the operating system said, which lies under two layers of libraries."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error)
