"""A request that a test expects: one function decides whether a request is it, and says why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import EllipsisType
from typing import Any

from mockserver.testing.calls import MOST_TOLD, Request, Requests
from mockserver.testing.differences import difference, shown

Json = Any
CUT = "body: only the beginning of it is known here, so it cannot be told for sure"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is asked of a request; `...` and None ask nothing."""

    operation: str
    body: Json | EllipsisType = ...
    body_contains: Json | EllipsisType = ...
    user: str | None = None
    status: int | None = None
    query: Mapping[str, object] | None = None
    arguments: Mapping[str, str] | None = None

    def difference(self, request: Request) -> str | None:
        """The first thing about a request that is not as expected; None for a request that is."""
        if self.operation != request.operation:
            return f"operation: expected {self.operation}, got {request.operation}"
        if request.cut and (self.body is not ... or self.body_contains is not ...):
            return replace(self, body=..., body_contains=...).difference(request) or CUT
        return next((found for found in self._differences(request) if found is not None), None)

    def _differences(self, request: Request) -> Iterator[str | None]:
        for name, value in (self.arguments or {}).items():
            yield difference(value, request.arguments.get(name), f"argument {name}")
        for name, wanted in (self.query or {}).items():
            yield _query_difference(name, wanted, request.query.get(name))
        if self.body is not ...:
            yield difference(self.body, request.body, "body")
        if self.body_contains is not ...:
            yield difference(self.body_contains, request.body, "body", whole=False)
        if self.user is not None:
            yield difference(self.user, request.user, "user")
        if self.status is not None:
            yield difference(self.status, request.status, "status")

    def check_called(self, requests: Requests, times: int | None) -> list[Request]:
        """The requests that are as expected, if there are so many of them; otherwise AssertionError explains."""
        __tracebackhide__ = True
        found, others = self._sorted(requests)
        enough = bool(found) if times is None else len(found) == times
        if enough and (times is None or _is_sure(others, requests)):
            return found
        wanted = "a call" if times is None else f"{times} call{'' if times == 1 else 's'}"
        raise AssertionError(self._explained(f"{wanted}{self._asked()}", found, others, requests))

    def check_not_called(self, requests: Requests) -> None:
        """AssertionError shows the requests that are as expected, if there are any."""
        __tracebackhide__ = True
        found, others = self._sorted(requests)
        if found or not _is_sure(others, requests):
            raise AssertionError(self._explained(f"no call{self._asked()}", found, others, requests))

    def _sorted(self, requests: Requests) -> tuple[list[Request], list[tuple[Request, str]]]:
        """Those that are as expected, and the other calls of the operation with what is different in each."""
        found: list[Request] = []
        others: list[tuple[Request, str]] = []
        for request in requests.to(self.operation):
            different = self.difference(request)
            if different is None:
                found.append(request)
            else:
                others.append((request, different))
        return found, others

    def _asked(self) -> str:
        """What is asked beyond the operation."""
        parts = [f"{name} {value}" for name, value in (self.arguments or {}).items()]
        parts += [f"query {name}={shown(value)}" for name, value in (self.query or {}).items()]
        parts += [] if self.body is ... else [f"body {shown(self.body)}"]
        parts += [] if self.body_contains is ... else [f"body containing {shown(self.body_contains)}"]
        parts += [] if self.user is None else [f"user {self.user}"]
        parts += [] if self.status is None else [f"status {self.status}"]
        return f" with {', '.join(parts)}" if parts else ""

    def _explained(
        self, wanted: str, found: Sequence[Request], others: Sequence[tuple[Request, str]], requests: Requests
    ) -> str:
        there = {0: "there was none", 1: "there was one"}.get(len(found), f"there were {len(found)}")
        lines = [f"{self.operation}: expected {wanted}; {there}", *_listed(found)]
        if others:
            lines.append("calls of it that differ:")
            for request, different in others[-MOST_TOLD:]:
                lines += [f"  {request.told()}", f"    {different}"]
        if not found and not others:
            lines.append("it was never called; all requests:" if len(requests) else "no request reached the server")
            lines += _listed(requests)
        if requests.forgotten:
            first = "request is" if requests.forgotten == 1 else f"{requests.forgotten} requests are"
            lines.append(f"the first {first} no longer known, so it cannot be told for sure")
        return "\n".join(lines)


def _is_sure(others: Sequence[tuple[Request, str]], requests: Requests) -> bool:
    """Whether no request can have been as expected but those that were found to be."""
    return not requests.forgotten and all(different is not CUT for _, different in others)


def _query_difference(name: str, wanted: object, sent: Sequence[str] | None) -> str | None:
    """A value is compared as it is written in a URL, a list as several values; None wants the parameter left out."""
    if wanted is None:
        return None if sent is None else f"query {name}: expected not to be given, got {shown(sent)}"
    values = [_written(each) for each in wanted] if isinstance(wanted, list | tuple) else _written(wanted)
    if sent is None:
        return f"query {name}: expected {shown(values)}, was not given"
    several = isinstance(values, list) or len(sent) > 1
    return difference(values, list(sent) if several else sent[0], f"query {name}")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(requests: Sequence[Request]) -> list[str]:
    return [f"  {request.told()}" for request in requests[-MOST_TOLD:]]
