"""How a contract says who asks whom for something to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = Any


class Errand(NamedTuple):
    """A record asks for something to be done: relations to what it is `about`, its `author` and who is `asked`."""

    about: str
    author: str
    asked: str


def read_errand(declared: Mapping[str, Json] | None) -> Errand | None:
    """What a resource's records ask for, if they do."""
    return None if declared is None else Errand(**declared)
