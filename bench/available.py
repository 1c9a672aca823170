"""Which variants the server can be started as."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from bench.servers import POSTGRES, Variant


def available(variants: Sequence[Variant]) -> tuple[list[Variant], list[str]]:
    """Those that can be started, and why the others are left out."""
    without = [variant for variant in variants if variant.store == POSTGRES and not has_postgres()]
    why = [f"{variant.name} was left out: the server has no such store yet" for variant in without]
    return [variant for variant in variants if variant not in without], why


def has_postgres() -> bool:
    return find_spec("mockserver.stores.postgres") is not None
