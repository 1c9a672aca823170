"""The socket that is listened on: found, bound and named."""

from __future__ import annotations

import errno
import socket
from importlib.util import find_spec
from typing import NamedTuple

from mockserver.http.hosts import authority, is_loopback, is_unspecified

BACKLOG = 2048
# Files that are no connections: what a reload reads, and lines that are told that there is no room for them.
SPARE_FILES = 256


class CannotServe(Exception):
    """The server cannot be started; the message says why, in one line."""


class Address(NamedTuple):
    """Where a host name leads."""

    host: str
    family: socket.AddressFamily
    ip: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.ip)


def resolve(host: str, port: int) -> Address:
    """The address of a host name, IPv4 before IPv6; CannotServe when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no host name"
        raise CannotServe(f"--host {host}: {reason}; name an address of this machine, such as 127.0.0.1") from None
    family, _, _, _, place = min(found, key=lambda each: each[0] != socket.AF_INET)
    return Address(host, family, str(place[0]), port)


def listen(address: Address, *, shared: bool = False) -> socket.socket:
    """A socket that takes connections, which wait until they are served; CannotServe when the port is not to be had.

    One that is `shared` takes its part of the connections to a port, beside other such sockets.
    """
    listener = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((address.ip, address.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotServe(_reason(address, error)) from None
    listener.setblocking(False)
    return listener


def listen_together(address: Address, count: int) -> list[socket.socket]:
    """As many sockets, which share the connections to one port that nobody else listens on; CannotServe."""
    if count == 1:
        return [listen(address)]
    if not hasattr(socket, "SO_REUSEPORT"):
        raise CannotServe("several workers cannot share a port on this system; start it without --workers")
    # Others that share ports as well would not be noticed otherwise.
    with listen(address) as alone:
        port = alone.getsockname()[1]
    return [listen(address._replace(port=port), shared=True) for _ in range(count)]


def room_for(connections: int) -> int:
    """How many connections can be open at once, `connections` if the machine permits it."""
    if find_spec("resource") is None:
        return connections
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections if soft == resource.RLIM_INFINITY else max(1, min(connections, soft - SPARE_FILES))


def url_of(address: Address, listener: socket.socket) -> str:
    """The URL to call it by; where all addresses are bound, a name that works on this machine."""
    port = listener.getsockname()[1]
    return f"http://{authority('localhost' if is_unspecified(address.ip) else address.host, port)}"


def _reason(address: Address, error: OSError) -> str:
    place = authority(address.host, address.port)
    if error.errno == errno.EADDRINUSE:
        return f"{place} is taken by another program; choose another --port, or --port 0 for a free one"
    if error.errno == errno.EACCES:
        return f"{place} may not be used by you; choose a --port above 1023, or --port 0 for a free one"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address.host} is no address of this machine; use --host 127.0.0.1"
    return f"{place} cannot be listened on: {error.strerror or error}"
