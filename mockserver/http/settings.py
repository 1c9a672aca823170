"""How a server treats its callers, whatever it serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mockserver.exchange import Call, Headers, Reply
from mockserver.http.hosts import Hosts
from mockserver.http.wire import ASGIApp

BODY_LIMIT = 1024 * 1024
LOOPBACK = Hosts()
NO_PAGES: Mapping[str, ASGIApp] = MappingProxyType({})

Log = Callable[[Call, Reply, float], Headers]


class Settings(NamedTuple):
    """What a server is told at its start."""

    hosts: Hosts = LOOPBACK
    body_limit: int = BODY_LIMIT
    control: bool = True
    control_token: str | None = None
    log: Log | None = None
    pages: Mapping[str, ASGIApp] = NO_PAGES
