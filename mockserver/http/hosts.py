"""The names a server may be called by: a page from elsewhere that has a name of its own lead here is turned away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

# Answers name the host that was called, and are remembered with it: one that is too long for a name is none.
WRITTEN = re.compile(r"(\[[0-9A-Fa-f:.]{1,45}\]|[A-Za-z0-9._-]{1,254})(?::\d{1,5})?")
NAME = re.compile(r"\.?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


class Hosts:
    """Loopback names, the bound address, and the names allowed: `.example.org` allows what ends so, `*` all."""

    def __init__(self, bound: str | None = None, allowed: Iterable[str] = ()) -> None:
        names = {name.strip("[]").lower() for name in (*allowed, *filter(None, [bound]))}
        self._any = "*" in names
        self._suffixes = tuple(name for name in names if name.startswith("."))
        self._names = names
        self._addresses = any(is_unspecified(name) for name in names)

    def admits(self, header: str) -> bool:
        """Whether a Host header names this server; ValueError when it is no host at all."""
        written = WRITTEN.fullmatch(header)
        if written is None:
            raise ValueError(f"{header!r} is no host")
        name = written[1].strip("[]").lower().rstrip(".")
        if self._any or name in self._names or name == "localhost" or name.endswith((".localhost", *self._suffixes)):
            return True
        return is_loopback(name) or (self._addresses and is_address(name))


def can_be_allowed(name: str) -> bool:
    """Whether this is a name, an ending of names, an address, or `*`."""
    return name == "*" or NAME.fullmatch(name) is not None or is_address(name.removeprefix("[").removesuffix("]"))


def authority(host: str, port: int) -> str:
    """Host and port as a URL has them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_address(name: str) -> bool:
    """A number cannot be led elsewhere, so where all addresses are bound each is a name of ours."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    return is_address(name) and ip_address(name).is_loopback


def is_unspecified(name: str) -> bool:
    return is_address(name) and ip_address(name).is_unspecified
