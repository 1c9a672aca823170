"""Where this server may send what it tells others: to this machine, and to hosts that are allowed by name."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """Nothing is sent there; the message says why, and what would allow it."""


class Targets:
    """`allowed` are host names, each for itself; one that begins with a dot stands for all below it, `*` for any."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = frozenset(name.lower() for name in allowed)

    def check(self, address: str) -> SplitResult:
        """The address taken apart; Refused unless something may be sent there."""
        try:
            url = urlsplit(address)
            host = (url.hostname or "").lower()
            port = url.port
        except ValueError as error:
            raise Refused(f"{address} is no URL: {error}") from None
        if url.scheme not in DEFAULT_PORTS or not host or port == 0:
            raise Refused(f"{address} is no URL of a web server")
        if not address.isascii() or not address.isprintable() or " " in address:
            raise Refused("the URL holds characters that none can hold")
        if not is_here(host) and not self._is_allowed(host):
            raise Refused(f"{host} is not this machine; start the server with --deliver-to {host} to send there")
        return url

    def _is_allowed(self, host: str) -> bool:
        names = self._allowed
        return host in names or "*" in names or any(name[:1] == "." and host.endswith(name) for name in names)


def is_here(host: str) -> bool:
    """Whether a host is this machine, by its name or its address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
