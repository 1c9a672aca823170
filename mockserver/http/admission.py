"""Who is let in: the origin that a request calls must be ours, and the world that it wants must be clear."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.exchange import Call, Problem
from mockserver.http.choosing import HEADER, PREFIX, Unbound, choose
from mockserver.http.hosts import Hosts, authority

MOST_HOSTS = 1000


class Admission:
    """Remembers the origins that it let in, and the tokens that name no world."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._origins: dict[tuple[str, str | None], str] = {}
        self._unbound: Unbound = {None: None}

    def admit(self, call: Call, scheme: str, server: tuple[str, int] | None = None) -> None:
        """Notes the origin that was called, that of `server` where no Host says it, and the world that is wanted.

        A Problem when the origin is not ours, or the world cannot be told.
        """
        headers = call.headers
        known = self._origins.get((scheme, headers.get("host")))
        call.origin = self._origin(headers, scheme, server) if known is None else known
        if HEADER in headers or headers.get("authorization") not in self._unbound or call.path.startswith(PREFIX):
            choose(call, self._unbound)

    def _origin(self, headers: Mapping[str, str], scheme: str, server: tuple[str, int] | None) -> str:
        host = headers.get("host")
        if host is None:
            if server is None:
                raise Problem(400, "a request needs a Host header")
            return f"{scheme}://{authority(*server)}"
        try:
            admitted = self._hosts.admits(host)
        except ValueError:
            raise Problem(400, f"the Host header {host[:100]!r} names no host; it is written as name:port") from None
        if not admitted:
            hint = "if the name is yours, start the server with --allowed-host and that name"
            raise Problem(421, f"this server does not answer for the host {host[:100]!r}; {hint}")
        origin = f"{scheme}://{host}"
        if len(self._origins) < MOST_HOSTS:
            self._origins[scheme, host] = origin
        return origin
