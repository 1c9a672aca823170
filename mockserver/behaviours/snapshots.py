"""Versions as they are kept: the JSON text that was answered, apart from where the server was reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.world.root import Snapshot

Json = Any
# In a JSON text these quotes can only be those of a member's name: inside of a value they would be escaped.
HREF = '"href":"'
HOME = "{home}"


def keep(version: float, shown: Mapping[str, Json], home: str) -> Snapshot:
    """The snapshot of an answer that was given, or would have been given, under this home."""
    text = orjson.dumps(shown).decode()
    return Snapshot(str(version), text.replace(f"{HREF}{home}/", f"{HREF}{HOME}/"))


def told(snapshot: Snapshot, home: str) -> str:
    """The snapshot's JSON text for somebody who reaches the server under this home."""
    return snapshot.text.replace(f"{HREF}{HOME}/", f"{HREF}{home}/")
