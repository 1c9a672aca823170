"""What seeding results in."""

from __future__ import annotations

from typing import NamedTuple

from mockserver.world.root import Root


class Seeds(NamedTuple):
    """A world's beginning, the names of the users that fixtures mark for a token, and the name of the set, if any."""

    root: Root
    marked: tuple[str, ...]
    name: str | None = None
