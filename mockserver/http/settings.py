"""How a server treats its callers, whatever it serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mockserver.exchange import Call, Headers, Reply
from mockserver.http.hosts import Hosts
from mockserver.http.wire import ASGIApp

BODY_LIMIT = 1024 * 1024

Log = Callable[[Call, Reply, float], Headers]


@dataclass(frozen=True)
class Settings:
    """What a server is told at its start."""

    hosts: Hosts = field(default_factory=Hosts)
    body_limit: int = BODY_LIMIT
    control: bool = True
    control_token: str | None = None
    log: Log | None = None
    pages: Mapping[str, ASGIApp] = field(default_factory=dict)
