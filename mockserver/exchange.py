"""What goes into the engine and comes out of it: a call, a reply, and a problem that becomes a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = Any
Headers = tuple[tuple[str, str], ...]


class LongHeaders(dict[str, str]):
    """Header fields that are not worth remembering, and of which whoever keeps them has to count the bytes."""


@dataclass(slots=True)
class Call:
    """One request as the engine sees it; header names are lower case, `path` is still percent-encoded.

    `origin` is the URL that the paths stand under for this caller, `world` the world that it chose.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = "http://localhost"
    world: str = "default"


@dataclass(slots=True)
class Reply:
    """One answer; `body` is what is sent, `delay` (seconds) and `drop` are faults for the transport to act out.

    One that is `private` is not for pages of other origins.
    """

    status: int
    body: bytes = b""
    media_type: str | None = "application/json"
    headers: Headers = ()
    delay: float = 0.0
    drop: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a request: `where` is a location such as `query limit` or `body /columns/0/dataType`.

    It is empty where the message says it. `rule` is the keyword of the schema that was broken, where it was one, and
    `limit` what that says.
    """

    where: str
    message: str
    rule: str = field(default="", compare=False)
    limit: Json = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class Reason(NamedTuple):
    """Why a request was refused, to be kept: a Problem itself keeps alive whatever it came through."""

    message: str
    violations: tuple[Violation, ...] = ()


class Problem(Exception):
    """A refusal: a status, the message the caller reads, and every violation that led to it.

    What was written before it is undone, unless it is `lasting`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        violations: tuple[Violation, ...] = (),
        headers: Headers = (),
        lasting: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.violations = violations
        self.headers = headers
        self.lasting = lasting

    @property
    def reason(self) -> Reason:
        return Reason(self.message, self.violations)

    @classmethod
    def of(cls, violations: list[Violation], status: int = 400) -> Problem:
        """One refusal that states all violations at once, in the bracketed list the real server uses."""
        return cls(status, f"[{', '.join(map(str, violations))}]", violations=tuple(violations))
